using ActorIpam.Cli.Manifests;

namespace ActorIpam.Cli.Commands;

/// <summary>Replaces what exists; what is missing is a failure.</summary>
internal static class ReplaceCommand
{
    public static (ExampleCommand, CommandBody) Build()
    {
        var options = new ManifestOptions();
        var command = new ExampleCommand("replace", "Replace resources that exist.")
        {
            Examples =
            [
                ("Replace what a file defines.", "ipamctl replace -f pool.yaml"),
                ("Change a resource only if nobody else has: the file keeps its resourceVersion.", "ipamctl get ippool web -o yaml > web.yaml; $EDITOR web.yaml; ipamctl replace -f web.yaml"),
            ],
        };
        options.AddTo(command);
        return (command, (arguments, session, cancellation) =>
        {
            var writes = new ResourceWrites(session);
            return new ManifestRun(session, options, arguments).EachAsync("Replaced", async resource =>
            {
                await writes.ReplaceAsync(resource.Resource, cancellation);
                return Handled.Done;
            });
        }
        );
    }
}

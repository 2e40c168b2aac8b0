using ActorIpam.Cli.Manifests;

namespace ActorIpam.Cli.Commands;

/// <summary>Creates what is missing and replaces what is there.</summary>
internal static class ApplyCommand
{
    public static (ExampleCommand, CommandBody) Build()
    {
        var options = new ManifestOptions();
        var command = new ExampleCommand("apply", "Create resources, or replace those that exist.")
        {
            Examples =
            [
                ("Apply one file.", "ipamctl apply -f pools.yaml"),
                ("Apply a folder with everything below it.", "ipamctl apply -R -f definitions/"),
                ("Apply what another program prints.", "generate-pools | ipamctl apply -f -"),
            ],
        };
        options.AddTo(command);
        return (command, (arguments, session, cancellation) =>
        {
            var writes = new ResourceWrites(session);
            return new ManifestRun(session, options, arguments).EachAsync("Applied", async resource =>
            {
                await writes.ApplyAsync(resource.Resource, cancellation);
                return Handled.Done;
            });
        }
        );
    }
}

using System.CommandLine;
using ActorIpam.Cli.Manifests;
using ActorIpam.Client.Http;
using ActorIpam.Domain;

namespace ActorIpam.Cli.Commands;

/// <summary>Creates; what exists is a failure unless it may be skipped.</summary>
internal static class CreateCommand
{
    public static (ExampleCommand, CommandBody) Build()
    {
        var options = new ManifestOptions();
        var skipExists = new Option<bool>("--skip-exists") { Description = "What exists is left as it is and is no failure." };
        var command = new ExampleCommand("create", "Create resources that do not exist yet.")
        {
            Examples =
            [
                ("Create what a file defines.", "ipamctl create -f pool.yaml"),
                ("Create what is missing and leave the rest alone.", "ipamctl create --skip-exists -f definitions/"),
            ],
        };
        options.AddTo(command);
        command.Add(skipExists);
        return (command, (arguments, session, cancellation) =>
        {
            var writes = new ResourceWrites(session);
            return new ManifestRun(session, options, arguments).EachAsync("Created", async resource =>
            {
                try
                {
                    await writes.CreateAsync(AppliedSet.Without(resource.Resource), cancellation);
                    return Handled.Done;
                }
                catch (ApiException e) when (e.Is(RefusalCode.AlreadyExists) && arguments.GetValue(skipExists))
                {
                    return Handled.Skipped;
                }
            });
        }
        );
    }
}

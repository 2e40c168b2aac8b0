using ActorIpam.Cli.Manifests;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Http;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Commands;

/// <summary>Checks definitions without asking anyone: fields, types and rules, but not what is stored.</summary>
internal static class ValidateCommand
{
    public static (ExampleCommand, CommandBody) Build()
    {
        var options = new ManifestOptions();
        var command = new ExampleCommand("validate", "Check definitions without contacting a server.")
        {
            Examples =
            [
                ("Check a file.", "ipamctl validate -f pools.yaml"),
                ("Check everything before it is committed.", "ipamctl validate -R -f definitions/"),
            ],
        };
        options.AddTo(command, withSkipEmpty: true, withNamespace: false);
        return (command, (arguments, session, _) => new ManifestRun(session, options, arguments).EachAsync("Validated", resource =>
        {
            var refusals = ResourceRules.Validate(resource.Resource);
            if (!refusals.IsEmpty)
            {
                throw new ApiException(RefusalStatus.Of(refusals));
            }

            foreach (var note in ResourceRules.Notes(resource.Resource))
            {
                session.Terminal.Error.WriteLine(resource.Locate("metadata.name", $"note: {note}"));
            }

            return Task.FromResult(Handled.Done);
        }));
    }
}

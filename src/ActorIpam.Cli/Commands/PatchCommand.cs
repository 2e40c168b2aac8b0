using System.CommandLine;
using ActorIpam.Domain.Resources;
using ActorIpam.Ingest;

namespace ActorIpam.Cli.Commands;

/// <summary>Changes some fields of a resource and keeps the rest. Whatever type is asked for, a merge runs, as in calicoctl (semantics.md §15).</summary>
internal static class PatchCommand
{
    private static readonly Option<string> Patch = new("--patch", "-p") { Description = "The fields to change, as YAML or JSON; null removes one.", HelpName = "PATCH", Required = true };

    private static readonly Option<string?> Type = new("--type", "-t")
    {
        Description = "Accepted for scripts (merge, strategic, json); fields are merged in any case, and lists are replaced.",
        HelpName = "TYPE",
    };

    public static (ExampleCommand, CommandBody) Build()
    {
        var one = new OneResource();
        var command = new ExampleCommand("patch", "Change some fields of a resource.")
        {
            Examples =
            [
                ("Take a pool out of use.", "ipamctl patch ippool web -p '{\"spec\": {\"disabled\": true}}'"),
                ("The same in YAML.", "ipamctl patch ippool web -p 'spec: {disabled: true}'"),
                ("Remove a label.", "ipamctl patch node n1 -p '{\"metadata\": {\"labels\": {\"zone\": null}}}'"),
            ],
        };
        one.AddTo(command);
        command.Add(Patch);
        command.Add(Type);
        return (command, async (arguments, session, cancellation) =>
        {
            var (kind, name) = one.Of(arguments);
            if (!PatchText.TryRead(arguments.GetRequiredValue(Patch), out var patch, out var problem))
            {
                throw new CommandFailure(problem!.ToString());
            }

            await session.Client.Resources.MergeAsync(kind, name, patch, cancellation: cancellation);
            await session.Terminal.Out.WriteLineAsync($"Patched {ResourceKinds.Of(kind).Name} '{name}'.");
            return 0;
        }
        );
    }
}

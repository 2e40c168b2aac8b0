using System.CommandLine;
using ActorIpam.Cli.Manifests;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Commands;

/// <summary>Creates what is missing and replaces what is there; on demand deletes what a set has dropped.</summary>
internal static class ApplyCommand
{
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only say what would be done, and what it would do to hosts, blocks, addresses and routes." };
    private static readonly Option<string?> Set = new("--set") { Description = "The name of the set these definitions are; remembered with each of them.", HelpName = "NAME" };
    private static readonly Option<bool> Prune = new("--prune") { Description = "Then delete what an earlier apply of the same set brought and this one does not hold; only of the kinds in the input. Needs --set." };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Prune without asking." };

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
                ("See what would happen.", "ipamctl apply -f pools.yaml --dry-run"),
                ("Keep a set: what is no longer in the folder is deleted.", "ipamctl apply -f definitions/ --set site-a --prune"),
            ],
        };
        options.AddTo(command);
        foreach (var option in new Option[] { DryRun, Set, Prune, Yes })
        {
            command.Add(option);
        }

        return (command, (arguments, session, cancellation) => RunAsync(options, arguments, session, cancellation));
    }

    private static async Task<int> RunAsync(ManifestOptions options, ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var set = AppliedSet.Of(arguments.GetValue(Set), session);
        var dryRun = arguments.GetValue(DryRun);
        if (arguments.GetValue(Prune))
        {
            RefuseBlindPruning(set, options, arguments, session.Terminal);
        }

        var run = new ManifestRun(session, options, arguments);
        var exit = await run.EachAsync(dryRun ? null : "Applied", async resource =>
        {
            var wanted = await AppliedSet.TakeAsync(set, resource.Resource, cancellation);
            await (dryRun ? TellAsync(wanted, session, cancellation) : new ResourceWrites(session).ApplyAsync(wanted, cancellation));
            return Handled.Done;
        });
        if (dryRun && exit == 0)
        {
            var input = run.Resources.Select(static given => given.Resource).ToList();
            var dropped = set is not null && arguments.GetValue(Prune) ? await set.DroppedAsync([.. input], cancellation) : [];
            await ImpactText.PrintAsync(session, input, [.. dropped.Select(static resource => (resource.Kind, resource.Metadata.Name))], "", cancellation);
        }

        return exit == 0 && set is not null && arguments.GetValue(Prune)
            ? await new Pruning(set, session).RunAsync([.. run.Resources.Select(r => r.Resource)], arguments.GetValue(Yes), dryRun, cancellation)
            : exit;
    }

    private static async Task TellAsync(Resource wanted, Session session, CancellationToken cancellation)
    {
        var plan = await WritePlan.OfApplyAsync(wanted, session, cancellation);
        await session.Terminal.Out.WriteLineAsync($"{ResourceKinds.Of(wanted.Kind).Singular}/{wanted.Metadata.Name} {plan.Outcome} (dry run)");
    }

    /// <summary>Everything that can be known before the first write is told before it.</summary>
    private static void RefuseBlindPruning(AppliedSet? set, ManifestOptions options, ParseResult arguments, Terminal terminal)
    {
        if (set is null)
        {
            throw new CommandFailure("--prune needs --set NAME: it deletes only what an earlier apply of that set brought.");
        }

        var asks = !arguments.GetValue(Yes) && !arguments.GetValue(DryRun);
        if (asks && (!terminal.CanAsk || arguments.GetValue(options.Files) is { } files && files.Contains("-")))
        {
            throw new CommandFailure("--prune asks before it deletes, and there is nobody to ask here: look with --dry-run, then say --yes.");
        }
    }
}

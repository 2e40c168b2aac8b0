using System.CommandLine;
using System.Text.Json;
using ActorIpam.Cli.Manifests;
using ActorIpam.Cli.Printing;
using ActorIpam.Domain.Resources;
using ActorIpam.Ingest;

namespace ActorIpam.Cli.Commands;

/// <summary>Shows what apply would change. As with kubectl diff, differences alone make the exit status 1; what fails is told on standard error too.</summary>
internal static class DiffCommand
{
    private static readonly Option<string?> Set = new("--set") { Description = "The set these definitions are, as for apply.", HelpName = "NAME" };

    public static (ExampleCommand, CommandBody) Build()
    {
        var options = new ManifestOptions();
        var command = new ExampleCommand("diff", "Show what apply would change. Exit status 0: nothing; 1: something, or a failure.")
        {
            Examples =
            [
                ("What would this file change?", "ipamctl diff -f pools.yaml"),
                ("Apply only if there is something to apply.", "ipamctl diff -f pools.yaml || ipamctl apply -f pools.yaml"),
            ],
        };
        options.AddTo(command);
        command.Add(Set);
        return (command, async (arguments, session, cancellation) =>
        {
            var set = AppliedSet.Of(arguments.GetValue(Set), session);
            var differs = false;
            var run = new ManifestRun(session, options, arguments);
            var exit = await run.EachAsync(done: null, async given =>
            {
                var plan = await WritePlan.OfApplyAsync(await AppliedSet.TakeAsync(set, given.Resource, cancellation), session, cancellation);
                if (plan.IsChange)
                {
                    differs = true;
                    Print(plan, given, session);
                }

                return Handled.Done;
            });
            if (differs && exit == 0)
            {
                await ImpactText.PrintAsync(session, [.. run.Resources.Select(static given => given.Resource)], [], "# ", cancellation);
            }

            return differs ? 1 : exit;
        }
        );
    }

    private static void Print(WritePlan plan, IngestedResource given, Session session)
    {
        var title = $"{ResourceKinds.Of(given.Resource.Kind).Singular}/{given.Resource.Metadata.Name}";
        new DiffPrinter(session.Terminal.Out, session.IsColored).Print(
            plan.Before is null ? "nothing" : $"{title} (stored)", $"{title} ({given.Source}:{given.At})", plan.Before is { } before ? Lines(before) : [], Lines(plan.After));
    }

    /// <summary>Without what only the system changes.</summary>
    private static string[] Lines(Resource resource)
    {
        var shown = resource with { Metadata = resource.Metadata with { Uid = null, ResourceVersion = null, CreationTimestamp = null } };
        using var json = JsonDocument.Parse(ResourceJson.Write(shown));
        return YamlText.Write(json.RootElement).TrimEnd('\n').Split('\n');
    }
}

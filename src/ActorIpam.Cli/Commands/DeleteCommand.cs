using System.CommandLine;
using ActorIpam.Cli.Manifests;
using ActorIpam.Client.Http;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Commands;

/// <summary>Deletes by name or by file.</summary>
internal static class DeleteCommand
{
    private static readonly Option<bool> SkipNotExists = new("--skip-not-exists", "-s") { Description = "What does not exist is no failure." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only say what would be deleted, and what that would do to hosts, blocks, addresses and routes." };

    public static (ExampleCommand, CommandBody) Build()
    {
        var options = new ManifestOptions();
        var kinds = new KindArguments();
        var command = new ExampleCommand("delete", "Delete resources by name, or those that files define.")
        {
            Examples =
            [
                ("Delete a pool; its addresses stay assigned until they are released.", "ipamctl delete ippool web"),
                ("Delete several nodes, whether they exist or not.", "ipamctl delete node n1 n2 --skip-not-exists"),
                ("Delete what a file defines.", "ipamctl delete -f pool.yaml"),
                ("What would become of its blocks and addresses?", "ipamctl delete node n1 --dry-run"),
            ],
        };
        kinds.AddTo(command);
        options.AddTo(command);
        command.Add(SkipNotExists);
        command.Add(DryRun);
        return (command, (arguments, session, cancellation) => kinds.KindOf(arguments) is { } kind
            ? ByNameAsync(session, options, kind, kinds.NamesOf(arguments), arguments, cancellation)
            : ByFileAsync(session, options, arguments, cancellation));
    }

    private static async Task<int> ByFileAsync(Session session, ManifestOptions options, ParseResult arguments, CancellationToken cancellation)
    {
        var run = new ManifestRun(session, options, arguments);
        var exit = await run.EachAsync(arguments.GetValue(DryRun) ? null : "Deleted", resource =>
            DeleteAsync(session, resource.Resource.Kind, resource.Resource.Metadata.Name, resource.Resource.Metadata.ResourceVersion, arguments, cancellation));
        if (arguments.GetValue(DryRun) && exit == 0)
        {
            await ImpactText.PrintAsync(session, [], [.. run.Resources.Select(static given => (given.Resource.Kind, given.Resource.Metadata.Name))], "", cancellation);
        }

        return exit;
    }

    private static async Task<int> ByNameAsync(
        Session session, ManifestOptions options, ResourceKind kind, string[] names, ParseResult arguments, CancellationToken cancellation)
    {
        options.RefuseNamespace(arguments, kind);
        if (names.Length == 0)
        {
            throw new CommandFailure($"Name what to delete: ipamctl delete {ResourceKinds.Of(kind).Singular} NAME.");
        }

        var tally = new ManifestTally(arguments.GetValue(DryRun) ? null : "Deleted");
        foreach (var name in names)
        {
            try
            {
                tally.Count(kind, await DeleteAsync(session, kind, name, version: null, arguments, cancellation));
            }
            catch (ApiException e)
            {
                tally.CountFailure();
                await session.Terminal.Error.WriteLineAsync($"ipamctl: {e.Message}");
            }
        }

        tally.Report(session.Terminal);
        if (arguments.GetValue(DryRun) && tally.Failed == 0)
        {
            await ImpactText.PrintAsync(session, [], [.. names.Select(name => (kind, name))], "", cancellation);
        }

        return tally.Failed > 0 ? 1 : 0;
    }

    private static async Task<Handled> DeleteAsync(
        Session session, ResourceKind kind, string name, long? version, ParseResult arguments, CancellationToken cancellation)
    {
        try
        {
            await session.Client.Resources.DeleteAsync(kind, name, version, arguments.GetValue(DryRun), cancellation);
            if (arguments.GetValue(DryRun))
            {
                await session.Terminal.Out.WriteLineAsync($"{ResourceKinds.Of(kind).Singular}/{name} deleted (dry run)");
            }

            return Handled.Done;
        }
        catch (ApiException e) when (e.Is(RefusalCode.NotFound) && arguments.GetValue(SkipNotExists))
        {
            return Handled.Skipped;
        }
    }
}

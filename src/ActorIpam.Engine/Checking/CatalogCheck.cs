using System.Collections.Immutable;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.Checking;

/// <summary>Compares the catalog's stream with the rows of resources and with what history tells of them (INV-7).</summary>
internal sealed class CatalogCheck(MemberPorts ports, Findings findings)
{
    private const int PerPage = 1000;

    /// <returns>The catalog; null when its stream is broken.</returns>
    public async Task<CatalogReplay?> RunAsync(CancellationToken cancellation)
    {
        for (var look = 0; ; look++)
        {
            if (await CatalogReplay.OfAsync(ports, findings, cancellation) is not { } replayed)
            {
                return null;
            }

            var flaws = await FlawsAsync(replayed, cancellation);
            var heads = await ports.Journal.HeadsAsync([Streams.Catalog], cancellation);
            if (heads[0] == replayed.Head || look == Replay.Looks)
            {
                findings.Count(resources: Expected(replayed).Count);
                foreach (var flaw in flaws)
                {
                    findings.Add(flaw.Kind, flaw.Name, flaw.Message, Streams.Catalog);
                }

                return replayed;
            }
        }
    }

    /// <summary>What is wrong, with the view changes that make it right. Looked at while the catalog stands still, or looked at again.</summary>
    public async Task<ImmutableArray<CatalogFlaw>> FlawsAsync(CatalogReplay replayed, CancellationToken cancellation)
    {
        var rows = new List<ResourceRow>();
        foreach (var kind in Enum.GetValues<ResourceKind>())
        {
            rows.AddRange(await ports.Views.ResourcesAsync(kind.ToString(), cancellation));
        }

        return [.. RowFlaws(replayed, rows), .. await HistoryFlawsAsync(replayed, rows, cancellation)];
    }

    /// <summary>The row that a resource of the catalog is shown by.</summary>
    public static ResourceRow Row(Resource resource) =>
        new(resource.Kind.ToString(), resource.Metadata.Name, resource.Metadata.Uid!, resource.Metadata.ResourceVersion!.Value, ResourceJson.Write(resource));

    private static Dictionary<(string Kind, string Name), ResourceRow> Expected(CatalogReplay replayed) =>
        Enum.GetValues<ResourceKind>().SelectMany(kind => replayed.State.List(kind)).Select(Row).ToDictionary(static row => (row.Kind, row.Name));

    private static IEnumerable<CatalogFlaw> RowFlaws(CatalogReplay replayed, List<ResourceRow> rows)
    {
        var expected = Expected(replayed);
        foreach (var row in rows)
        {
            if (!expected.Remove((row.Kind, row.Name), out var told))
            {
                yield return new(
                    CheckKind.ResourceDiffers, $"{row.Kind} {row.Name}", "A row shows it; the catalog's stream does not know it.", "a row the catalog does not know was removed",
                    new IpamViewChange.ResourceGone(row.Kind, row.Name));
            }
            else if (!IsSame(told, row))
            {
                yield return new(
                    CheckKind.ResourceDiffers, $"{row.Kind} {row.Name}", "Its row is not what the catalog's stream says.", "its row was rebuilt from the catalog's stream",
                    new IpamViewChange.ResourceStored(told));
            }
        }

        foreach (var told in expected.Values)
        {
            yield return new(
                CheckKind.ResourceDiffers, $"{told.Kind} {told.Name}", "The catalog's stream knows it; no row shows it.", "its row was rebuilt from the catalog's stream",
                new IpamViewChange.ResourceStored(told));
        }
    }

    private async Task<List<CatalogFlaw>> HistoryFlawsAsync(CatalogReplay replayed, List<ResourceRow> rows, CancellationToken cancellation)
    {
        var flaws = new List<CatalogFlaw>();
        if (ports.Past is not { } past)
        {
            return flaws;
        }

        var lasting = (await past.ResourcesAtAsync(ports.Time.GetUtcNow(), cancellation)).Rows;
        var names = replayed.Told.Keys.Concat(rows.Select(static row => (row.Kind, row.Name))).Concat(lasting.Select(static row => (row.Kind, row.Name))).Distinct().Order();
        foreach (var (kind, name) in names)
        {
            findings.Pass("resources");
            var stored = await StatesAsync(past, kind, name, cancellation);
            var horizon = await past.HorizonAsync(cancellation) ?? DateTimeOffset.MinValue;
            var right = replayed.Told.GetValueOrDefault((kind, name), []).Where(row => !(row.To < horizon)).ToImmutableArray();
            var kept = stored.Where(row => !(row.To < horizon)).ToImmutableArray();
            if (right.Length != kept.Length || right.Zip(kept).Any(static pair => (pair.First.From, pair.First.To) != (pair.Second.From, pair.Second.To) || !IsSame(pair.First.Row, pair.Second.Row)))
            {
                flaws.Add(new(
                    CheckKind.HistoryDiffers, $"{kind} {name}", $"The catalog's stream tells of {right.Length} states of it{Spans(right)}; history tells of {kept.Length}{Spans(kept)}.",
                    "its history was rebuilt from the catalog's stream", new IpamViewChange.ResourceRetold(kind, name, right)));
            }
        }

        return flaws;
    }

    private static async Task<List<ResourceHistoryRow>> StatesAsync(IPastViews past, string kind, string name, CancellationToken cancellation)
    {
        var all = new List<ResourceHistoryRow>();
        Page<ResourceHistoryRow> page;
        do
        {
            page = await past.ResourceHistoryAsync(kind, name, all.Count, PerPage, cancellation);
            all.AddRange(page.Items);
        }
        while (page.More);
        return all;
    }

    private static string Spans(ImmutableArray<ResourceHistoryRow> rows) => rows.IsEmpty ? "" :
        $", the first from {rows[0].From.UtcDateTime:O}, the last from {rows[^1].From.UtcDateTime:O} {(rows[^1].To is { } to ? $"to {to.UtcDateTime:O}" : "on")}";

    /// <summary>The database may keep a body with other blanks or another order of fields.</summary>
    private static bool IsSame(ResourceRow left, ResourceRow right) => (left.Uid, left.ResourceVersion) == (right.Uid, right.ResourceVersion)
        && (left.Body == right.Body || System.Text.Json.Nodes.JsonNode.DeepEquals(System.Text.Json.Nodes.JsonNode.Parse(left.Body), System.Text.Json.Nodes.JsonNode.Parse(right.Body)));
}

/// <param name="Kind">What is wrong.</param>
/// <param name="Name">With which resource.</param>
/// <param name="Message">A sentence about both sides.</param>
/// <param name="Mended">What is told when it was mended.</param>
/// <param name="Mends">What mends it.</param>
internal sealed record CatalogFlaw(CheckKind Kind, string Name, string Message, string Mended, IpamViewChange Mends);

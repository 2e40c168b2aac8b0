using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ActorIpam.Conformance.Cases;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Conformance.Rules;

/// <summary>pools.yaml: what the catalog stores of a pool, or why it refuses it.</summary>
internal static class PoolCases
{
    public static void Create(Case one, Findings findings)
    {
        var existing = one.Fields.Find("existing")?.List() ?? [];
        var catalog = existing.Aggregate(ResourceCatalog.Empty, (catalog, pool) => With(catalog, Read(Manifest.PoolOf(pool)), pool.Path));
        var blocks = one.Fields.TextsOrNone("blocks").Select(Cidr.Parse).ToImmutableArray();
        var pool = Manifest.PoolOf(one.Fields.Get("pool"));
        Compare(one.Fields, Decide(Read(pool), given => catalog.DecideCreate(given, Turn(catalog, blocks))), findings);
    }

    public static void Update(Case one, Findings findings)
    {
        var (old, wanted) = (Manifest.PoolOf(one.Fields.Get("old")), Manifest.PoolOf(one.Fields.Get("new")));

        // Both are the same pool, whether or not the case names it.
        wanted["name"] = old["name"]!.DeepClone();
        var catalog = With(ResourceCatalog.Empty, Read(old), one.Id + ".old");
        Compare(one.Fields, Decide(Read(wanted), given => catalog.DecideUpdate(given, Turn(catalog, []))), findings);
    }

    private static Answer<Resource> Read(JsonObject flat) => Manifest.Read(ResourceKind.IPPool, flat);

    private static ResourceCatalog With(ResourceCatalog catalog, Answer<Resource> read, string path)
    {
        var answer = Decide(read, given => catalog.DecideCreate(given, Turn(catalog, [])));
        return !answer.IsRefused && answer.Value is CatalogDecision.Changes changes
            ? catalog.Apply(changes.Event)
            : throw new CaseFormatException(path, $"the stored pool is refused: {ReasonCodes.List(answer.Refusals.Select(refusal => refusal.Code))}.");
    }

    private static Answer<CatalogDecision> Decide(Answer<Resource> read, Func<Resource, Answer<CatalogDecision>> decide) =>
        read.IsRefused ? read.Refusals : decide(read.Value);

    private static CatalogTurn Turn(ResourceCatalog catalog, ImmutableArray<Cidr> blocks)
    {
        var version = catalog.Pools.Length + 1;
        return new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), $"00000000-0000-0000-0000-{version:D12}", version, blocks);
    }

    private static void Compare(Fields one, Answer<CatalogDecision> answer, Findings findings)
    {
        if (Verdict.Of(one, answer.Refusals, findings) && one.Find("stored") is { } expected)
        {
            var stored = Manifest.FlatOf(Stored(answer.Value));
            foreach (var (name, value) in expected.Map().Take())
            {
                findings.Equal($"stored {name}", value.Json()?.ToJsonString(), stored[name]?.ToJsonString());
            }
        }

        one.NoOthers();
    }

    private static Resource Stored(CatalogDecision decision) => decision switch
    {
        CatalogDecision.Changes { Event: CatalogEvent.Created created } => created.Resource,
        CatalogDecision.Changes { Event: CatalogEvent.Updated updated } => updated.Resource,
        CatalogDecision.Unchanged unchanged => unchanged.Resource,
        _ => throw new InvalidOperationException($"A pool was written, but the decision is {decision}."),
    };
}

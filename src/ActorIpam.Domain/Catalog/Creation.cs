using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Domain.Catalog;

/// <summary>Decides the creation of a resource (semantics.md §2.2, cross-field rules 5 to 7).</summary>
internal static class Creation
{
    public static Answer<CatalogDecision> Decide(ResourceCatalog catalog, Resource given, CatalogTurn turn)
    {
        if (given.Metadata.ResourceVersion is not null)
        {
            return new Refusal(RefusalCode.ResourceVersionNotAllowed, "metadata.resourceVersion must be left out when a resource is created.", "metadata.resourceVersion");
        }

        var filled = ResourceDefaults.Fill(given);
        var refusals = Overlaps(catalog, filled, turn).AddRange(ResourceRules.Validate(filled));
        if (refusals.IsEmpty)
        {
            refusals = Leftovers(filled, turn);
        }

        if (!refusals.IsEmpty)
        {
            return refusals;
        }

        if (catalog.Find(filled.Kind, filled.Metadata.Name) is not null)
        {
            return new Refusal(RefusalCode.AlreadyExists, $"{ResourceKinds.Of(filled.Kind).Name} '{filled.Metadata.Name}' exists already.", "metadata.name");
        }

        // Identity is always dealt here: a uid out of an old export would name the streams of a pool that is gone.
        var metadata = filled.Metadata with
        {
            Uid = turn.NewUid,
            CreationTimestamp = WholeSeconds(turn.Now),
            ResourceVersion = turn.NextVersion,
            Namespace = null,
        };
        return new CatalogDecision.Changes(new CatalogEvent.Created(filled with { Metadata = metadata }));
    }

    /// <summary>Compares with every other pool. One of the same name is left out, so that the caller hears that it exists already.</summary>
    private static ImmutableArray<Refusal> Overlaps(ResourceCatalog catalog, Resource filled, CatalogTurn turn)
    {
        if (filled is not IpPool pool || !Cidr.TryParse(pool.Spec.Cidr, out var range))
        {
            return [];
        }

        return
        [
            .. from other in catalog.Pools
               where other.Name != pool.Metadata.Name && other.Range.Overlaps(range) && !IsPartOf(other, range, turn)
               select new Refusal(RefusalCode.Overlap, $"The range {range} overlaps that of pool '{other.Name}', {other.Range}.", "spec.cidr"),
        ];
    }

    private static bool IsPartOf(PoolPolicy split, Cidr range, CatalogTurn turn) =>
        split.Name == turn.SplitOf && split.Disabled && split.Range.Contains(range) && split.Range != range;

    /// <summary>Blocks of a former pool are adopted when they have the new pool's size, and are in the way otherwise.</summary>
    private static ImmutableArray<Refusal> Leftovers(Resource filled, CatalogTurn turn)
    {
        if (filled is not IpPool pool)
        {
            return [];
        }

        var range = Cidr.Parse(pool.Spec.Cidr!);
        var size = pool.Spec.BlockSize!.Value;
        var inTheWay = turn.LeftoverBlocks.Where(block => block.Overlaps(range) && block.Length != size).ToImmutableArray();
        return inTheWay.IsEmpty
            ? []
            : [new(RefusalCode.BlocksOtherSize, $"The block {inTheWay[0]} still exists inside {range} with another size than /{size}.", "spec.blockSize")];
    }

    private static DateTimeOffset WholeSeconds(DateTimeOffset now) => new(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}

using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Engine.Door;

/// <summary>What a split comes to, as the catalog stands: which parts there are to be, and which are missing.</summary>
/// <param name="Whole">The pool that is split.</param>
/// <param name="Stored">The same as stored.</param>
/// <param name="Names">The names of all parts, in address order.</param>
/// <param name="Missing">The parts that are still to be created: copies of the whole, enabled.</param>
internal sealed record SplitPlan(PoolPolicy Whole, IpPool Stored, ImmutableArray<string> Names, ImmutableArray<IpPool> Missing)
{
    /// <param name="known">The resources.</param>
    /// <param name="whole">The pool, as it is in them.</param>
    /// <param name="parts">How many parts it is to have.</param>
    /// <returns>The plan, or why the pool cannot be split so; nothing was changed then.</returns>
    public static Answer<SplitPlan> Of(ResourceCatalog known, PoolPolicy whole, int parts)
    {
        var ranges = PoolSplit.Divide(whole.Range, whole.Grid.BlockLength, parts);
        if (ranges.IsRefused)
        {
            return ranges.Refusals;
        }

        var stored = (IpPool)known.Find(ResourceKind.IPPool, whole.Name)!;
        var names = ranges.Value.Select((_, index) => PoolSplit.ChildName(whole.Name, index)).ToImmutableArray();
        var missing = ImmutableArray.CreateBuilder<IpPool>();
        foreach (var (range, name) in ranges.Value.Zip(names))
        {
            if (known.PoolNamed(name) is not { } part)
            {
                var metadata = new Metadata(name) { Labels = stored.Metadata.Labels, Annotations = stored.Metadata.Annotations };
                missing.Add(new(metadata, stored.Spec with { Cidr = range.ToString(), Disabled = false }));
            }
            else if (part.Range != range)
            {
                return new Refusal(RefusalCode.AlreadyExists, $"IPPool {name} exists already, with the range {part.Range} instead of {range}.", "pool");
            }
        }

        return new SplitPlan(whole, stored, names, missing.ToImmutable());
    }

    public SplitAnswer Answer(int missing) => new() { Pools = Names, Created = Names.Length - missing };
}

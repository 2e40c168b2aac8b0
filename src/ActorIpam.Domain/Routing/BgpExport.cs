using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;

namespace ActorIpam.Domain.Routing;

/// <summary>What a node tells its BGP peers: its blocks as wholes, and single addresses only where no own block says it already (semantics.md §17).</summary>
/// <param name="pools">All pools.</param>
/// <param name="ownBlocks">The blocks the node owns.</param>
public sealed class BgpExport(IReadOnlyCollection<PoolPolicy> pools, IReadOnlyCollection<ExportedBlock> ownBlocks)
{
    /// <summary>The blocks that the node answers for as wholes; full-length ones do not, or they would hide their own workload.</summary>
    public ImmutableArray<Cidr> StaticBlackholes =>
        [.. Aggregates.Where(static block => block.Length < block.Family.Bits()).Order()];

    /// <summary>Blocks that are claimed but not confirmed may still turn out to be somebody else's.</summary>
    private IEnumerable<Cidr> Aggregates => ownBlocks.Where(static block => block.IsConfirmed).Select(static block => block.Range);

    public bool Exports(BgpRoute route)
    {
        if (route is { IsOnTunnelDevice: true, IsPeerInternal: true } || Holding(route.Destination) is not { DisableBgpExport: false })
        {
            return false;
        }

        var inside = Aggregates.Any(block => block.Length < route.Destination.Length && block.Contains(route.Destination));
        return !inside || route.IsPreferred;
    }

    private PoolPolicy? Holding(Cidr destination) =>
        pools.Where(pool => pool.Range.Contains(destination)).MaxBy(static pool => pool.Range.Length);
}

/// <param name="Range">An own block.</param>
/// <param name="IsConfirmed">Whether the claim is final; a block of this project always is.</param>
public readonly record struct ExportedBlock(Cidr Range, bool IsConfirmed);

/// <summary>A route that could be exported.</summary>
public readonly record struct BgpRoute(Cidr Destination)
{
    /// <summary>It leads through a tunnel: internal peers have their own.</summary>
    public bool IsOnTunnelDevice { get; init; }

    public bool IsPeerInternal { get; init; }

    /// <summary>Of better than normal priority, as while a workload moves between nodes.</summary>
    public bool IsPreferred { get; init; }
}

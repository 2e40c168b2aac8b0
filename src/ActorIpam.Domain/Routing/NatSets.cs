using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;

namespace ActorIpam.Domain.Routing;

/// <summary>The two sets of one family that NAT of outgoing packets needs, the same on every node (semantics.md §18).</summary>
/// <param name="MasqueradeSources">The pools with natOutgoing, disabled ones too.</param>
/// <param name="PoolDestinations">All pools but those for load balancers only, disabled ones too: a disabled pool without blocks exempts an outside range.</param>
public sealed record NatSets(ImmutableArray<Cidr> MasqueradeSources, ImmutableArray<Cidr> PoolDestinations)
{
    /// <summary>Whether there is a rule at all: one, as long as some pool is masqueraded.</summary>
    public bool HasRule => !MasqueradeSources.IsEmpty;

    public static NatSets Of(IEnumerable<PoolPolicy> pools, IpFamily family)
    {
        var known = pools.Where(pool => pool.Range.Family == family).OrderBy(static pool => pool.Range).ToList();
        return new(
            [.. known.Where(static pool => pool.NatOutgoing).Select(static pool => pool.Range)],
            [.. known.Where(static pool => !pool.IsLoadBalancerOnly()).Select(static pool => pool.Range)]);
    }

    /// <summary>Whether a packet leaves under the node's own address: from a masqueraded pool to no pool at all.</summary>
    public bool Masquerades(IpAddress source, IpAddress destination) =>
        MasqueradeSources.Any(pool => pool.Contains(source)) && !PoolDestinations.Any(pool => pool.Contains(destination));
}

using System.Collections.Frozen;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Domain.Routing;

/// <summary>Pools and nodes as of one version of the catalog: what all routes depend on.</summary>
public sealed class Topology
{
    private readonly Func<IpAddress, PoolPolicy?> _poolHolding;
    private readonly FrozenDictionary<string, RoutingNode> _nodes;
    private readonly FrozenSet<IpAddress> _hostAddresses;

    private Topology(Func<IpAddress, PoolPolicy?> poolHolding, IEnumerable<RoutingNode> nodes)
    {
        _poolHolding = poolHolding;
        _nodes = nodes.ToFrozenDictionary(node => node.Name, StringComparer.Ordinal);
        _hostAddresses = _nodes.Values.SelectMany(node => new[] { node.V4?.Address, node.V6?.Address }).OfType<IpAddress>().ToFrozenSet();
    }

    public static Topology Of(ResourceCatalog catalog) =>
        new(catalog.PoolHolding, catalog.List(ResourceKind.Node).Cast<Node>().Select(RoutingNode.Of));

    /// <summary>From pools and nodes that no catalog holds. Pools with other pools inside them come last.</summary>
    public static Topology Of(IReadOnlyList<PoolPolicy> pools, IEnumerable<RoutingNode> nodes) =>
        new(address => pools.FirstOrDefault(pool => pool.Range.Contains(address)), nodes);

    public RoutingNode? Node(string name) => _nodes.GetValueOrDefault(name);

    /// <summary>The node of a holder; null for virtual holders and for hosts without a Node.</summary>
    public RoutingNode? Node(Owner owner) => owner.Kind == OwnerKind.Host ? Node(owner.Name) : null;

    /// <summary>The pool whose encapsulation holds for the address; null when none does: no pool, or one for load balancers only (semantics.md §16.1).</summary>
    public PoolPolicy? RoutedPool(IpAddress address) => _poolHolding(address) is { } pool && !pool.IsLoadBalancerOnly() ? pool : null;

    /// <summary>True for the own address of some node.</summary>
    public bool IsHostAddress(IpAddress address) => _hostAddresses.Contains(address);
}

public static class PoolRouting
{
    /// <summary>True for a pool that serves load balancers and nothing else: it has no encapsulation and is no destination of NAT.</summary>
    public static bool IsLoadBalancerOnly(this PoolPolicy pool) => !pool.Uses.IsEmpty && pool.Uses.All(static use => use == PoolUse.LoadBalancer);
}

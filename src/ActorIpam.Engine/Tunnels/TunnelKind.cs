using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Allocation;

namespace ActorIpam.Engine.Tunnels;

/// <summary>A tunnel device that a node has one address for: what the address is called, where it comes from and where the Node names it (semantics.md §8, §19).</summary>
internal sealed class TunnelKind
{
    private TunnelKind() { }

    /// <summary>All kinds that a Node has a field for. It has none for WireGuard.</summary>
    public static ImmutableArray<TunnelKind> All { get; } =
    [
        new()
        {
            HandlePrefix = "ipip-tunnel-addr-", Type = "ipipTunnelAddress", Family = IpFamily.V4, Mode = static pool => pool.Ipip,
            Read = static spec => spec.Bgp?.Ipv4IpipTunnelAddr, Write = static (spec, text) => spec with { Bgp = WithIpip(spec.Bgp, text) },
        },
        new()
        {
            HandlePrefix = "vxlan-tunnel-addr-", Type = "vxlanTunnelAddress", Family = IpFamily.V4, Mode = static pool => pool.Vxlan,
            Read = static spec => spec.Ipv4VxlanTunnelAddr, Write = static (spec, text) => spec with { Ipv4VxlanTunnelAddr = text },
        },
        new()
        {
            HandlePrefix = "vxlan-v6-tunnel-addr-", Type = "vxlanV6TunnelAddress", Family = IpFamily.V6, Mode = static pool => pool.Vxlan,
            Read = static spec => spec.Ipv6VxlanTunnelAddr, Write = static (spec, text) => spec with { Ipv6VxlanTunnelAddr = text },
        },
    ];

    public required string HandlePrefix { get; init; }

    /// <summary>The attribute <c>type</c> of the address.</summary>
    public required string Type { get; init; }

    public required IpFamily Family { get; init; }

    public required Func<PoolPolicy, EncapsulationMode> Mode { get; init; }

    public required Func<NodeSpec, string?> Read { get; init; }

    public required Func<NodeSpec, string?, NodeSpec> Write { get; init; }

    public string Handle(string node) => HandlePrefix + node;

    /// <summary>The address the Node names, as text; null when it names none.</summary>
    public string? Recorded(Node node) => Read(node.Spec) is { Length: > 0 } text ? text : null;

    /// <summary>The Node with this address, or with none.</summary>
    public Node With(Node node, IpAddress? address) => node with { Spec = Write(node.Spec, address?.ToString()) };

    /// <summary>The pools an address may come from: enabled, of this encapsulation, for tunnels, and selecting the node. By name.</summary>
    public ImmutableArray<PoolPolicy> Eligible(ResourceCatalog catalog, Node node) =>
        [.. catalog.Pools.Where(pool => pool.Range.Family == Family && !pool.Disabled && Mode(pool) != EncapsulationMode.Never
            && pool.Allows(PoolUse.Tunnel) && PoolChoice.Selects(pool, node))];

    /// <summary>A <c>spec.bgp</c> that names nothing would be refused, so it goes with its last part.</summary>
    private static NodeBgp? WithIpip(NodeBgp? bgp, string? text)
    {
        var changed = (bgp ?? new()) with { Ipv4IpipTunnelAddr = text };
        return changed == new NodeBgp() ? null : changed;
    }
}

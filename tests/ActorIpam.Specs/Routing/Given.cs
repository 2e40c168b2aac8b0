using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Routing;

namespace ActorIpam.Specs.Routing;

/// <summary>Pools, nodes and blocks for specs of routes.</summary>
internal static class Given
{
    public static PoolPolicy Pool(string cidr, string ipip = "Never", string vxlan = "Never", params ImmutableArray<string> uses) => PoolPolicy.From(
        new(new(cidr.Replace('/', '-')) { Uid = cidr }, new() { Cidr = cidr, BlockSize = 29, IpipMode = ipip, VxlanMode = vxlan, AllowedUses = uses.IsEmpty ? null : uses }));

    public static RoutingNode Node(string name, string? address, string? vxlan = null, string? ipip = null) => RoutingNode.Of(new(
        new(name),
        new() { Bgp = address is null && ipip is null ? null : new() { Ipv4Address = address, Ipv4IpipTunnelAddr = ipip }, Ipv4VxlanTunnelAddr = vxlan }));

    public static RoutedBlock Block(string cidr, string? owner, params ReadOnlySpan<(string Ip, string Holder)> held)
    {
        var holders = RoutedBlock.NoHolders;
        foreach (var (ip, holder) in held)
        {
            holders = holders.Add(IpAddress.Parse(ip), Owner.Host(holder));
        }

        return new(Cidr.Parse(cidr), owner is null ? null : Owner.Host(owner), holders);
    }

    /// <summary>The routes of a node, a line each.</summary>
    public static ImmutableArray<string> Lines(this RouteTable table) =>
        [.. table.Routes.Select(route => $"{route.Destination} {route.Kind} {route.Via?.ToString() ?? "-"} {route.Device ?? "-"}")];

    public static RouteTable Table(Topology topology, string node, params IReadOnlyCollection<RoutedBlock> blocks) =>
        RouteTable.Of(topology, topology.Node(node)!).Become(topology, topology.Node(node)!, blocks).Table;

    public static Node WithAddresses(string name, params ImmutableArray<NodeAddress> addresses) => new(new(name), new() { Addresses = addresses });
}

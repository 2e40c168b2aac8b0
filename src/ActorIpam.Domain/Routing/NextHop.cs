using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;

namespace ActorIpam.Domain.Routing;

/// <summary>The way from one node to another for addresses of a pool (semantics.md §16.3).</summary>
/// <remarks>Only the local node's prefix counts for CrossSubnet: nodes with unequal prefixes choose different ways to each other.</remarks>
internal readonly struct NextHop(RoutingNode local, RoutingNode remote, PoolPolicy pool, IpFamily family)
{
    private bool IsVxlan => pool.Vxlan != EncapsulationMode.Never;

    private EncapsulationMode Mode => IsVxlan ? pool.Vxlan : family == IpFamily.V4 ? pool.Ipip : EncapsulationMode.Never;

    private string ModeName => IsVxlan ? "VXLAN" : "IPIP";

    /// <param name="destination">Where to.</param>
    /// <param name="what">What the destination is, as the beginning of the reason.</param>
    public PlannedRoute To(Cidr destination, string what)
    {
        if (remote.Own(family)?.Address is not { } address)
        {
            return PlannedRoute.Missing($"The {family.Text()} address of node {remote.Name} is unknown: no route leads to what it holds.");
        }

        return Mode switch
        {
            EncapsulationMode.Never when local is { IsParentKnown: true } && local.Own(family) is not null =>
                Direct(destination, address, $"{what}; the pool has no encapsulation"),
            EncapsulationMode.Never => PlannedRoute.Missing($"The own {family.Text()} address of node {local.Name} is unknown: it has no routes without a tunnel."),
            EncapsulationMode.Always => Tunnel(destination, address, $"{what}; {ModeName} Always"),
            _ when !SharesSubnet(address) => Tunnel(destination, address, $"{what}; {ModeName} CrossSubnet, {remote.Name} is in another subnet"),
            _ when local.IsParentKnown => Direct(destination, address, $"{what}; {ModeName} CrossSubnet, {remote.Name} is in the same subnet"),
            _ => Tunnel(destination, address, $"{what}; {ModeName} CrossSubnet, the own parent device is unknown"),
        };
    }

    /// <summary>The route to a tunnel address of the remote node, which its tunnel device answers itself; null when it is of another tunnel than the pool's.</summary>
    public PlannedRoute? ToTunnelAddress(Cidr destination, IpAddress tunnel)
    {
        var isOfPool = tunnel == (IsVxlan ? remote.VxlanTunnel(family) : remote.IpipTunnel);
        if (Mode == EncapsulationMode.Never || !isOfPool || remote.Own(family)?.Address is not { } address)
        {
            return null;
        }

        var reason = $"{ModeName} tunnel address of {remote.Name}";
        return IsVxlan
            ? new Route(destination, RouteKind.Onlink, null, Route.VxlanDevice(family), reason)
            : new Route(destination, RouteKind.Onlink, address, Route.IpipDevice, reason);
    }

    private bool SharesSubnet(IpAddress address) => local.Own(family)?.Subnet.Contains(address) ?? false;

    private static PlannedRoute Direct(Cidr destination, IpAddress via, string reason) => new Route(destination, RouteKind.Direct, via, Route.Parent, reason);

    private PlannedRoute Tunnel(Cidr destination, IpAddress address, string reason) => (IsVxlan, remote.VxlanTunnel(family)) switch
    {
        (false, _) => new Route(destination, RouteKind.Ipip, address, Route.IpipDevice, reason),
        (true, { } endpoint) => new Route(destination, RouteKind.Vxlan, endpoint, Route.VxlanDevice(family), reason),
        _ => PlannedRoute.Missing($"The {family.Text()} VXLAN endpoint of node {remote.Name} is unknown: no tunnel leads to what it holds."),
    };
}

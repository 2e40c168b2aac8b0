using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;

namespace ActorIpam.Domain.Routing;

/// <summary>The route of one node to one destination: a pure function of the destination's fact, the pools and the nodes (semantics.md §16).</summary>
/// <param name="topology">Pools and nodes.</param>
/// <param name="local">The node the routes are for.</param>
public sealed class RoutePlanner(Topology topology, RoutingNode local)
{
    private readonly Owner _self = Owner.Host(local.Name);

    public PlannedRoute Plan(RoutedDestination destination)
    {
        if (destination.Holder == _self)
        {
            // The kernel itself knows the addresses of its devices.
            return local.CarriesTunnel(destination.At.First)
                ? PlannedRoute.None
                : new Route(destination.At, RouteKind.LocalWorkload, null, null, LocalReason(destination));
        }

        if (destination.IsBorrowed)
        {
            return ToOther(destination, destination.Holder!.Value);
        }

        if (!destination.IsBlock || destination.BlockOwner is not { } owner)
        {
            return PlannedRoute.None;
        }

        return owner == _self ? Own(destination) : ToOther(destination, owner);
    }

    /// <summary>Unused addresses of an own block go nowhere, or they would leave by the default route and come back.</summary>
    private PlannedRoute Own(RoutedDestination destination) =>
        destination.IsFullLength || topology.RoutedPool(destination.At.First) is null
            ? PlannedRoute.None
            : new Route(destination.At, RouteKind.Blackhole, null, null, "unused addresses of an own block");

    private PlannedRoute ToOther(RoutedDestination destination, Owner holder)
    {
        var first = destination.At.First;
        if (holder.Kind == OwnerKind.Virtual || topology.RoutedPool(first) is not { } pool)
        {
            return PlannedRoute.None;
        }

        if (topology.Node(holder) is not { } remote)
        {
            return PlannedRoute.Missing($"There is no Node {holder.Name}: no route leads to what it holds.");
        }

        if (destination.IsFullLength && topology.IsHostAddress(first))
        {
            return PlannedRoute.None;
        }

        var hop = new NextHop(local, remote, pool, first.Family);
        return destination.IsFullLength && remote.CarriesTunnel(first) && hop.ToTunnelAddress(destination.At, first) is { } onlink
            ? onlink
            : hop.To(destination.At, What(destination, holder));
    }

    private static string What(RoutedDestination destination, Owner holder) => destination switch
    {
        { IsBorrowed: false } => $"block of {holder.Name}",
        { BlockOwner: { } owner } => $"held by {holder.Name}, borrowed from {owner.Name}",
        _ => $"held by {holder.Name} in a block without owner",
    };

    private static string LocalReason(RoutedDestination destination) => destination switch
    {
        { IsBorrowed: false } => "held here",
        { BlockOwner: { } owner } => $"held here, borrowed from {owner.Name}",
        _ => "held here, in a block without owner",
    };
}

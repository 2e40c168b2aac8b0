using ActorIpam.Domain.Addressing;

namespace ActorIpam.Domain.Routing;

/// <summary>How packets to a destination leave a node (semantics.md §16.2, §16.3).</summary>
public enum RouteKind
{
    /// <summary>Dropped: an unused address of an own block. Longer destinations win over it.</summary>
    Blackhole,

    /// <summary>To the workload's own device on this node.</summary>
    LocalWorkload,

    /// <summary>Without a tunnel, through the device that holds the node's own address.</summary>
    Direct,
    Ipip,
    Vxlan,

    /// <summary>Directly connected on the tunnel device: the tunnel address of another node.</summary>
    Onlink,
}

/// <summary>One route of one node.</summary>
/// <param name="Destination">Where packets go to.</param>
/// <param name="Kind">How.</param>
/// <param name="Via">The gateway; null for those that need none.</param>
/// <param name="Device">The device, by name; <see cref="Parent"/> for the one that holds the node's own address; null where the destination has its own or none.</param>
/// <param name="Reason">Why the route is there and why it is of this kind, for people.</param>
public sealed record Route(Cidr Destination, RouteKind Kind, IpAddress? Via, string? Device, string Reason)
{
    public const string Parent = "parent", IpipDevice = "tunl0";

    public static string VxlanDevice(IpFamily family) => family == IpFamily.V4 ? "vxlan.calico" : "vxlan-v6.calico";
}

/// <summary>What changed for one destination of one node. Added: no <paramref name="Before"/>. Removed: no <paramref name="After"/>.</summary>
public readonly record struct RouteChange(Cidr Destination, Route? Before, Route? After);

/// <summary>What the planner says of one destination: a route, or nothing, and then perhaps a sentence why one is missing.</summary>
public readonly record struct PlannedRoute(Route? Route, string? Warning)
{
    public static PlannedRoute None => default;

    public static implicit operator PlannedRoute(Route route) => new(route, null);

    public static PlannedRoute Missing(string warning) => new(null, warning);
}

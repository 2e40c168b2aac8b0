using System.Collections.Immutable;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Routing;

namespace ActorIpam.Engine.Door;

/// <summary>Follows the routes of one node: each look tells what changed since the one before. Not for two callers at once.</summary>
/// <remarks>
/// A look reads all that the routes follow from and plans only what differs. Nothing is missed for good, because each look is compared with what
/// this watch told last; what came and went between two looks is not told.
/// </remarks>
public sealed class RouteWatch
{
    private readonly RouteDoor _door;
    private readonly string _node;
    private RouteSight _sight;
    private RouteTable _table;

    internal RouteWatch(RouteDoor door, string node, RouteSight sight)
    {
        (_door, _node, _sight) = (door, node, sight);
        _table = TableOf(sight);
    }

    /// <summary>All as of the last look.</summary>
    public NodeRouting Routing => Show(_table, _sight);

    /// <summary>The routes that follow from what was seen.</summary>
    internal static NodeRouting Plan(RouteSight sight) => Show(TableOf(sight), sight);

    /// <summary>Looks again.</summary>
    /// <returns>What changed, in the order of destinations within additions and removals; null when the node is gone.</returns>
    /// <exception cref="Runtime.UnavailableException">The journal does not answer; a later look catches up.</exception>
    public async Task<RoutingChange?> LookAsync(CancellationToken cancellation)
    {
        var before = (Sight: _sight, Warnings: _table.Warnings);
        if (await IpamDoor.ServedAsync(_door.SeeAsync(_node, _sight, cancellation)) is not { } sight)
        {
            return null;
        }

        (_table, var changes) = _table.Become(sight.Topology, sight.Node, sight.Blocks);
        _sight = sight;
        return new(
            [.. changes.Where(static change => change.Before is null).Select(static change => View(change.After!))],
            [.. changes.Where(static change => change is { Before: not null, After: not null }).Select(static change => View(change.After!))],
            [.. changes.Where(static change => change.After is null).Select(static change => View(change.Before!))],
            Same(before.Sight.Nat, sight.Nat) ? null : sight.Nat,
            before.Warnings.SequenceEqual(_table.Warnings) ? null : _table.Warnings);
    }

    private static RouteTable TableOf(RouteSight sight) =>
        RouteTable.Of(sight.Topology, sight.Node).Become(sight.Topology, sight.Node, sight.Blocks).Table;

    private static NodeRouting Show(RouteTable table, RouteSight sight) => new([.. table.Routes.Select(View)], sight.Nat, table.Warnings);

    private static bool Same(NatView one, NatView other) =>
        one.MasqueradeSources.SequenceEqual(other.MasqueradeSources) && one.PoolDestinations.SequenceEqual(other.PoolDestinations);

    private static RouteView View(Route route) =>
        new(route.Destination.ToString(), Name(route.Kind), route.Via?.ToString(), route.Device, route.Reason);

    private static string Name(RouteKind kind) => kind switch
    {
        RouteKind.Blackhole => "blackhole",
        RouteKind.LocalWorkload => "local_workload",
        RouteKind.Direct => "direct",
        RouteKind.Ipip => "ipip",
        RouteKind.Vxlan => "vxlan",
        _ => "onlink",
    };
}

/// <summary>What changed between two looks; null parts did not.</summary>
public sealed record RoutingChange(
    ImmutableArray<RouteView> Added, ImmutableArray<RouteView> Changed, ImmutableArray<RouteView> Removed, NatView? Nat, ImmutableArray<string>? Warnings);

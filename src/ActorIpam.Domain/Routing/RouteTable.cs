using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;

namespace ActorIpam.Domain.Routing;

/// <summary>The routes of one node: a fold over facts, one per destination. A changed block touches its own destinations and no other.</summary>
/// <remarks>
/// Immutable. However it came about – block by block, in any order, with detours – a table equals the one planned from its blocks at once,
/// because a destination belongs to one block and its route depends on its own fact, the pools and the nodes only.
/// </remarks>
public sealed class RouteTable
{
    private readonly RoutePlanner _planner;
    private readonly ImmutableSortedDictionary<Cidr, RoutedBlock> _blocks;
    private readonly ImmutableSortedDictionary<Cidr, PlannedRoute> _planned;

    private RouteTable(
        Topology topology, RoutePlanner planner, ImmutableSortedDictionary<Cidr, RoutedBlock> blocks, ImmutableSortedDictionary<Cidr, PlannedRoute> planned)
    {
        Topology = topology;
        _planner = planner;
        _blocks = blocks;
        _planned = planned;
    }

    /// <summary>The pools and nodes it was planned under.</summary>
    public Topology Topology { get; }

    /// <summary>In the order of their destinations.</summary>
    public ImmutableArray<Route> Routes => [.. _planned.Values.Select(static planned => planned.Route).OfType<Route>()];

    /// <summary>Why routes are missing, each reason once.</summary>
    public ImmutableArray<string> Warnings => [.. _planned.Values.Select(static planned => planned.Warning).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>A table without blocks.</summary>
    public static RouteTable Of(Topology topology, RoutingNode node) => new(
        topology, new(topology, node), ImmutableSortedDictionary<Cidr, RoutedBlock>.Empty, ImmutableSortedDictionary<Cidr, PlannedRoute>.Empty);

    /// <summary>The table with the block as it is now, in place of what was known of it, and the routes that changed.</summary>
    public (RouteTable Table, ImmutableArray<RouteChange> Changes) With(RoutedBlock block) =>
        Change(_blocks.GetValueOrDefault(block.Range), block, _blocks.SetItem(block.Range, block));

    /// <summary>The table without the block, and the routes that went with it.</summary>
    public (RouteTable Table, ImmutableArray<RouteChange> Changes) Without(Cidr block) =>
        Change(_blocks.GetValueOrDefault(block), null, _blocks.Remove(block));

    /// <summary>The table of these blocks under this topology, and what changed on the way. Under the same topology only what differs is planned.</summary>
    public (RouteTable Table, ImmutableArray<RouteChange> Changes) Become(Topology topology, RoutingNode node, IReadOnlyCollection<RoutedBlock> blocks)
    {
        if (!ReferenceEquals(topology, Topology))
        {
            var planned = blocks.Aggregate(Of(topology, node), static (table, block) => table.With(block).Table);
            return (planned, Difference(_planned, planned._planned));
        }

        var present = blocks.Select(static block => block.Range).ToHashSet();
        var changes = ImmutableArray.CreateBuilder<RouteChange>();
        var table = this;
        foreach (var gone in _blocks.Keys.Where(range => !present.Contains(range)))
        {
            (table, var removed) = table.Without(gone);
            changes.AddRange(removed);
        }

        foreach (var block in blocks)
        {
            (table, var changed) = table.With(block);
            changes.AddRange(changed);
        }

        return (table, changes.ToImmutable());
    }

    private (RouteTable Table, ImmutableArray<RouteChange> Changes) Change(
        RoutedBlock? before, RoutedBlock? after, ImmutableSortedDictionary<Cidr, RoutedBlock> blocks)
    {
        var old = (before?.Destinations() ?? []).ToDictionary(static fact => fact.At);
        var planned = _planned.ToBuilder();
        var changes = ImmutableArray.CreateBuilder<RouteChange>();
        foreach (var fact in after?.Destinations() ?? [])
        {
            if (!old.Remove(fact.At, out var known) || known != fact)
            {
                Put(fact.At, _planner.Plan(fact), planned, changes);
            }
        }

        foreach (var gone in old.Keys)
        {
            Put(gone, PlannedRoute.None, planned, changes);
        }

        return (new(Topology, _planner, blocks, planned.ToImmutable()), changes.ToImmutable());
    }

    private static void Put(
        Cidr at, PlannedRoute route, ImmutableSortedDictionary<Cidr, PlannedRoute>.Builder planned, ImmutableArray<RouteChange>.Builder changes)
    {
        var before = planned.GetValueOrDefault(at).Route;
        if (route == PlannedRoute.None)
        {
            planned.Remove(at);
        }
        else
        {
            planned[at] = route;
        }

        if (before != route.Route)
        {
            changes.Add(new(at, before, route.Route));
        }
    }

    private static ImmutableArray<RouteChange> Difference(ImmutableSortedDictionary<Cidr, PlannedRoute> before, ImmutableSortedDictionary<Cidr, PlannedRoute> after) =>
    [
        .. before.Keys.Union(after.Keys)
            .Select(at => new RouteChange(at, before.GetValueOrDefault(at).Route, after.GetValueOrDefault(at).Route))
            .Where(static change => change.Before != change.After),
    ];
}

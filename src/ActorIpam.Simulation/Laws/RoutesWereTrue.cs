using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Routing;
using ActorIpam.Domain.Views;
using ActorIpam.Engine;
using ActorIpam.Engine.InMemory;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-15: each route that was answered, and each that was left out, is what the planner makes of the stored views at some instant between question and answer.</summary>
/// <remarks>
/// Judged destination by destination, because addresses are read page by page. Where owners or the catalog changed more often than the door reads again,
/// the answer may name an address between two owners (<c>RouteDoor</c>): those questions are not judged.
/// </remarks>
public static class RoutesWereTrue
{
    private const int Attempts = 3;

    private static readonly CatalogEventCodec Codec = new();

    /// <summary>Most units leave the catalog alone: each is folded once.</summary>
    private static readonly ConditionalWeakTable<ImmutableSortedDictionary<long, EventSourcing.JournalRow>, Sight> Known = [];

    public static IEnumerable<Violation> Judge(History history) =>
        from exchange in history.Exchanges.OfType<Exchange.Routing>()
        where exchange is { IsAnswered: true, Answer.IsRefused: false } && Moves(history, exchange) < Attempts
        from wrong in Judge(exchange, [.. history.StatesBetween(exchange.Asked, exchange.Answered), .. StatesShown(history, exchange)])
        select new Violation("INV-15", exchange.Answered, wrong);

    /// <summary>Routes are read, and wait for no commit: what was seen before the standby had it may be in them.</summary>
    private static IEnumerable<JournalState> StatesShown(History history, Exchange exchange) =>
        history.Shown.Where(shown => shown.Commit.Instant <= exchange.Answered && shown.Until > exchange.Asked).Select(shown => shown.Commit.After);

    private static int Moves(History history, Exchange exchange) => history.Commits.Concat(history.Shown.Select(shown => shown.Commit)).Count(commit =>
        commit.Instant > exchange.Asked && commit.Instant <= exchange.Answered
        && commit.Unit.Appends.Any(append => append.Stream.Value == "catalog" || append.Stream.Value.StartsWith("pool/", StringComparison.Ordinal)));

    private static IEnumerable<string> Judge(Exchange.Routing exchange, ImmutableArray<JournalState> states)
    {
        var planned = states.Select(state => Plan(state, exchange.Node)).ToList();
        var answered = exchange.Answer.Value.Routes.ToDictionary(route => route.Destination, Written);
        foreach (var destination in planned.SelectMany(routes => routes.Keys).Concat(answered.Keys).Distinct(StringComparer.Ordinal))
        {
            var route = answered.GetValueOrDefault(destination, "no route");
            if (planned.TrueForAll(routes => routes.GetValueOrDefault(destination, "no route") != route))
            {
                yield return $"{exchange.Member} told {exchange.Node} '{route}' to {destination}; it was {string.Join(" or ", planned.Select(routes => $"'{routes.GetValueOrDefault(destination, "no route")}'").Distinct(StringComparer.Ordinal))} since step {exchange.Asked}.";
            }
        }
    }

    private static Dictionary<string, string> Plan(JournalState state, string node)
    {
        if (!state.Rows.TryGetValue(Streams.Catalog, out var rows))
        {
            return [];
        }

        var sight = Known.GetValue(rows, Fold);
        if (sight.Topology.Node(node) is not { } local)
        {
            return [];
        }

        var held = state.Addresses.Values.ToLookup(row => row.Block);
        RoutedBlock[] blocks =
        [
            .. state.Blocks.Values.Select(row => new RoutedBlock(row.Block, row.Owner, held[row.Block]
                .Where(address => address.Holder != row.Owner || address.Holder == Owner.Host(node))
                .ToImmutableSortedDictionary(address => address.Ip, address => address.Holder))),
        ];
        return RouteTable.Of(sight.Topology, local).Become(sight.Topology, local, blocks).Table.Routes.ToDictionary(
            route => route.Destination.ToString(), route => Written(route.Kind.ToString(), route.Via?.ToString(), route.Device), StringComparer.Ordinal);
    }

    private static Sight Fold(ImmutableSortedDictionary<long, EventSourcing.JournalRow> rows) => new(Topology.Of(
        rows.Values.SelectMany(row => Codec.Read(row.Events, row.Schema)).Aggregate(ResourceCatalog.Empty, (catalog, fact) => catalog.Apply(fact))));

    private static string Written(RouteView route) => Written(route.Kind.Replace("_", "", StringComparison.Ordinal), route.Via, route.Device);

    private static string Written(string kind, string? via, string? device) => $"{kind.ToUpperInvariant()} {via} {device}";

    private sealed record Sight(Topology Topology);
}

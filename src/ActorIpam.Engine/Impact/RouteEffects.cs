using System.Collections.Immutable;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Routing;
using static ActorIpam.Engine.Impact.Wording;

namespace ActorIpam.Engine.Impact;

/// <summary>What changes of resources do to the routes of nodes: the tables are planned before and after, by the planner that plans them.</summary>
internal static class RouteEffects
{
    /// <summary>How many destinations are planned in all; with more, only the first nodes are looked at, and that is said.</summary>
    private const int MostPlans = 100_000;

    /// <param name="before">The resources as they are.</param>
    /// <param name="after">The resources as they would be.</param>
    /// <param name="blocks">The blocks and who holds borrowed addresses in them.</param>
    /// <param name="blocksAfter">The same as it would be.</param>
    public static ImmutableArray<string> Of(ResourceCatalog before, ResourceCatalog after, ImmutableArray<RoutedBlock> blocks, ImmutableArray<RoutedBlock> blocksAfter)
    {
        var (old, coming) = (Topology.Of(before), Topology.Of(after));
        var nodes = before.List(ResourceKind.Node).Cast<Node>().Where(node => after.Node(node.Metadata.Name) is not null).ToList();
        var looked = Math.Clamp(MostPlans / Math.Max(1, blocks.Length), 1, Math.Max(1, nodes.Count));
        var tally = new SortedDictionary<(string From, string To), (int Routes, HashSet<string> Nodes)>();
        var warnings = new List<string>();
        foreach (var node in nodes.Take(looked))
        {
            var (table, _) = RouteTable.Of(old, RoutingNode.Of(node)).Become(old, RoutingNode.Of(node), blocks);
            var (then, changes) = table.Become(coming, RoutingNode.Of(after.Node(node.Metadata.Name)!), blocksAfter);
            foreach (var change in changes)
            {
                var key = (Kind(change.Before), Kind(change.After));
                var (routes, on) = tally.GetValueOrDefault(key, (0, []));
                on.Add(node.Metadata.Name);
                tally[key] = (routes + 1, on);
            }

            warnings.AddRange(then.Warnings.Except(table.Warnings));
        }

        var told = tally.Select(static pair => Sentence(pair.Key.From, pair.Key.To, pair.Value.Routes, pair.Value.Nodes)).ToList();
        if (warnings.Count > 0)
        {
            told.Add($"{Many(warnings.Count, "destination")} would have no route, such as: {warnings[0]}");
        }

        if (told.Count > 0 && looked < nodes.Count)
        {
            told.Add($"the routes of {looked} of {nodes.Count} nodes were planned; the others follow the same rules");
        }

        return [.. told];
    }

    private static string Kind(Route? route) => route is null ? "" : route.Kind switch
    {
        RouteKind.LocalWorkload => "local_workload",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    private static string Sentence(string from, string to, int routes, HashSet<string> nodes)
    {
        var where = $"on {Many(nodes.Count, "node")} ({Names([.. nodes.Order(StringComparer.Ordinal)])})";
        return (from, to) switch
        {
            ("", _) => $"{Many(routes, $"{to} route")} {(routes == 1 ? "is" : "are")} added {where}",
            (_, "") => $"{Many(routes, $"{from} route")} {(routes == 1 ? "is" : "are")} removed {where}",
            _ when from == to => $"{Many(routes, $"{from} route")} {(routes == 1 ? "leads" : "lead")} another way {where}",
            _ => $"{Many(routes, "route")} {(routes == 1 ? "moves" : "move")} from {from} to {to} {where}",
        };
    }
}

using System.Collections.Immutable;
using ActorIpam.Conformance.Cases;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Routing;

namespace ActorIpam.Conformance.Rules;

/// <summary>routes.yaml: what each node programs, what it exports, and what it masquerades.</summary>
internal static class RouteCases
{
    public static void Routes(Case one, Findings findings)
    {
        var topology = Topology.Of(Pools(one), [.. one.Fields.Get("nodes").Map().Take().Select(node => NodeOf(node.Key, node.Value.Map()))]);
        var blocks = one.Fields.Get("blocks").List().Select(block => BlockOf(block.Map())).ToList();
        foreach (var (name, expected) in one.Fields.Get("expect").Map().Take())
        {
            var node = topology.Node(name) ?? throw new CaseFormatException(expected.Path, $"there is no node {name}.");
            var (table, _) = RouteTable.Of(topology, node).Become(topology, node, blocks);
            findings.Bag($"routes of {name}", expected.List().Select(route => Written(route.Map())), table.Routes.Select(Planned));
        }

        one.Fields.NoOthers();
    }

    public static void BgpExport(Case one, Findings findings)
    {
        var blocks = one.Fields.Get("local_blocks").List().Select(block => ExportedOf(block.Map())).ToList();
        var export = new BgpExport(Pools(one), blocks);
        foreach (var (route, verdict) in one.Fields.Find("routes")?.Map().Take() ?? [])
        {
            findings.Equal(route, verdict.Text(), export.Exports(new(Cidr.Parse(route))) ? "accept" : "reject");
        }

        if (one.Fields.Find("static_blackholes") is { } expected)
        {
            findings.Sequence("static_blackholes", expected.Texts().Select(Cidr.Parse), export.StaticBlackholes);
        }

        one.Fields.NoOthers();
    }

    public static void Nat(Case one, Findings findings)
    {
        var sets = NatSets.Of(Pools(one), (IpFamily)one.Fields.Get("ip_version").Int());
        findings.Bag("masq_set", one.Fields.Texts("masq_set").Select(Cidr.Parse), sets.MasqueradeSources);
        findings.Bag("all_pools_set", one.Fields.Texts("all_pools_set").Select(Cidr.Parse), sets.PoolDestinations);
        foreach (var packet in one.Fields.Get("packets").List().Select(packet => packet.Map()))
        {
            var (source, destination) = (packet.Text("src"), packet.Text("dst"));
            findings.Equal(
                $"masquerade {source} to {destination}", packet.Get("masquerade").Flag(), sets.Masquerades(IpAddress.Parse(source), IpAddress.Parse(destination)));
            packet.NoOthers();
        }

        if (one.Fields.Find("chain_rules") is { } rules)
        {
            findings.Equal("chain_rules", rules.Int(), sets.HasRule ? 1 : 0);
        }

        // Only pools are exempt, which is the one setting this project has.
        findings.Equal("option", "exclusions=pools_only", one.Fields.TextOrNull("option") ?? "exclusions=pools_only");
        one.Fields.NoOthers();
    }

    /// <summary>Pools as they are stored: some cases hold what no catalog would take today.</summary>
    private static ImmutableArray<PoolPolicy> Pools(Case one) =>
        [.. one.Fields.Get("pools").List().Select(pool => PoolPolicy.From((IpPool)Manifest.Read(ResourceKind.IPPool, Manifest.PoolOf(pool)).Value))];

    private static RoutingNode NodeOf(string name, Fields fields)
    {
        var node = new RoutingNode(name)
        {
            V4 = HostAddress.TryParse(fields.TextOrNull("ip")),
            V6 = HostAddress.TryParse(fields.TextOrNull("ip6")),
            VxlanTunnelV4 = AddressOf(fields.TextOrNull("vxlan")),
            VxlanTunnelV6 = AddressOf(fields.TextOrNull("vxlan6")),
            IsParentKnown = fields.Flag("parent_known", true),
        };
        fields.NoOthers();
        return node;
    }

    private static RoutedBlock BlockOf(Fields fields)
    {
        var owner = fields.TextOrNull("owner");
        var holders = fields.Get("allocations").List().Select(allocation => allocation.Map())
            .ToImmutableSortedDictionary(allocation => IpAddress.Parse(allocation.Text("ip")), allocation => Owner.Host(allocation.Text("node")));
        var block = new RoutedBlock(Cidr.Parse(fields.Text("cidr")), owner is null ? null : Owner.Host(owner), holders);
        fields.NoOthers();
        return block;
    }

    private static ExportedBlock ExportedOf(Fields fields)
    {
        var block = new ExportedBlock(Cidr.Parse(fields.Text("cidr")), fields.Text("state") == "confirmed");
        fields.NoOthers();
        return block;
    }

    private static string Written(Fields fields)
    {
        var written = Line(
            Cidr.Parse(fields.Text("dst")), fields.Text("kind"), AddressOf(fields.TextOrNull("via")), fields.TextOrNull("dev"));
        fields.NoOthers();
        return written;
    }

    private static string Planned(Route route) =>
        Line(route.Destination, route.Kind == RouteKind.LocalWorkload ? "local_workload" : route.Kind.ToString().ToLowerInvariant(), route.Via, route.Device);

    private static string Line(Cidr destination, string kind, IpAddress? via, string? device) =>
        $"{destination} {kind}{(via is { } gateway ? $" via {gateway}" : "")}{(device is null ? "" : $" dev {device}")}";

    private static IpAddress? AddressOf(string? text) => text is null ? null : IpAddress.Parse(text);
}

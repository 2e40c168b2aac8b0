using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Routing;
using Shouldly;
using static ActorIpam.Specs.Routing.Given;

namespace ActorIpam.Specs.Routing;

/// <summary>What routes.yaml does not show of the rules of semantics.md §16 and §17.</summary>
public class RouteSpecs
{
    private static readonly RoutingNode Near = Node("near", "172.16.0.1/24", vxlan: "10.1.0.1", ipip: "10.2.0.1");
    private static readonly RoutingNode Far = Node("far", "172.16.9.9/24", vxlan: "10.1.0.9", ipip: "10.2.0.9");

    [Fact]
    public void Only_the_prefix_of_the_local_node_decides_about_the_subnet()
    {
        var topology = Topology.Of([Pool("10.1.0.0/16", vxlan: "CrossSubnet")], [Node("wide", "172.16.0.1/16", vxlan: "10.1.0.1"), Far]);
        var blocks = new[] { Block("10.1.0.0/29", "wide"), Block("10.1.0.8/29", "far") };

        Table(topology, "wide", blocks).Lines().ShouldContain("10.1.0.8/29 Direct 172.16.9.9 parent");
        Table(topology, "far", blocks).Lines().ShouldContain("10.1.0.0/29 Vxlan 10.1.0.1 vxlan.calico");
    }

    [Fact]
    public void A_bare_address_is_in_nobodys_subnet()
    {
        var topology = Topology.Of([Pool("10.1.0.0/16", ipip: "CrossSubnet")], [Node("bare", "172.16.0.2"), Near]);

        Table(topology, "bare", Block("10.1.0.0/29", "near")).Lines().ShouldBe(["10.1.0.0/29 Ipip 172.16.0.1 tunl0"]);
    }

    [Fact]
    public void A_borrowed_tunnel_address_of_ipip_is_on_the_link_behind_its_node()
    {
        var topology = Topology.Of([Pool("10.2.0.0/16", ipip: "Always")], [Near, Far]);

        Table(topology, "near", Block("10.2.0.8/29", null, ("10.2.0.9", "far"))).Lines().ShouldBe(["10.2.0.9/32 Onlink 172.16.9.9 tunl0"]);
    }

    [Fact]
    public void The_own_tunnel_address_needs_no_route()
    {
        var topology = Topology.Of([Pool("10.1.0.0/16", vxlan: "Always")], [Near, Far]);

        Table(topology, "near", Block("10.1.0.0/29", "near", ("10.1.0.1", "near"))).Lines().ShouldBe(["10.1.0.0/29 Blackhole - -"]);
    }

    [Fact]
    public void The_own_address_of_a_node_is_never_routed_through_a_tunnel()
    {
        var topology = Topology.Of([Pool("172.16.0.0/16", ipip: "Always")], [Near, Far]);

        Table(topology, "near", Block("172.16.9.8/29", null, ("172.16.9.9", "far"), ("172.16.9.10", "far"))).Lines()
            .ShouldBe(["172.16.9.10/32 Ipip 172.16.9.9 tunl0"]);
    }

    [Fact]
    public void A_full_length_block_that_is_lent_leads_to_its_holder()
    {
        var topology = Topology.Of([Pool("10.1.0.0/16", ipip: "Always")], [Near, Far]);
        var lent = Block("10.1.0.7/32", "near", ("10.1.0.7", "far"));

        Table(topology, "near", lent).Lines().ShouldBe(["10.1.0.7/32 Ipip 172.16.9.9 tunl0"]);
        Table(topology, "far", lent).Lines().ShouldBe(["10.1.0.7/32 LocalWorkload - -"]);
    }

    [Fact]
    public void Pools_for_load_balancers_have_no_routes_but_to_local_workloads()
    {
        var topology = Topology.Of([Pool("10.1.0.0/16", uses: ["LoadBalancer"])], [Near, Far]);

        Table(topology, "near", Block("10.1.0.0/29", "far"), Block("10.1.0.8/29", "near", ("10.1.0.9", "near"))).Lines()
            .ShouldBe(["10.1.0.9/32 LocalWorkload - -"]);
    }

    [Theory]
    [InlineData("Never", "There is no Node ghost: no route leads to what it holds.", "ghost")]
    [InlineData("Never", "The IPv4 address of node mute is unknown: no route leads to what it holds.", "mute")]
    [InlineData("Always", "The IPv4 VXLAN endpoint of node plain is unknown: no tunnel leads to what it holds.", "plain")]
    public void A_missing_route_is_told_once_with_its_reason(string vxlan, string warning, string owner)
    {
        var topology = Topology.Of([Pool("10.1.0.0/16", vxlan: vxlan)], [Near, Node("mute", null), Node("plain", "172.16.9.7")]);

        var table = Table(topology, "near", Block("10.1.0.0/29", owner), Block("10.1.0.8/29", owner));

        table.Routes.ShouldBeEmpty();
        table.Warnings.ShouldBe([warning]);
    }

    [Fact]
    public void A_node_is_reached_at_its_internal_address_before_its_external_one() =>
        RoutingNode.Of(WithAddresses("n", new("203.0.113.1", "ExternalIP"), new("fd00::1", "InternalIP"), new("192.168.0.1", "InternalIP")))
            .ShouldSatisfyAllConditions(
                node => node.V4.ShouldBe(new HostAddress(IpAddress.Parse("192.168.0.1"), Cidr.Parse("192.168.0.1/32"))),
                node => node.V6!.Value.Address.ShouldBe(IpAddress.Parse("fd00::1")));

    [Fact]
    public void A_block_is_exported_as_a_whole_once_its_claim_is_final()
    {
        var export = new BgpExport([Pool("10.1.0.0/16")], [new(Cidr.Parse("10.1.0.0/29"), true), new(Cidr.Parse("10.1.0.8/29"), false)]);

        export.StaticBlackholes.ShouldBe([Cidr.Parse("10.1.0.0/29")]);
        export.Exports(new(Cidr.Parse("10.1.0.1/32"))).ShouldBeFalse();
        export.Exports(new(Cidr.Parse("10.1.0.1/32")) { IsPreferred = true }).ShouldBeTrue();
        export.Exports(new(Cidr.Parse("10.1.0.9/32"))).ShouldBeTrue();
        export.Exports(new(Cidr.Parse("10.1.0.0/29")) { IsOnTunnelDevice = true, IsPeerInternal = true }).ShouldBeFalse();
        export.Exports(new(Cidr.Parse("192.168.0.0/29"))).ShouldBeFalse();
    }
}

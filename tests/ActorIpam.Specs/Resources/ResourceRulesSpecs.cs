using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using ActorIpam.Specs.Catalog;
using Shouldly;

namespace ActorIpam.Specs.Resources;

public class ResourceRulesSpecs
{
    [Fact]
    public void All_broken_rules_of_a_pool_are_reported_at_once() =>
        Codes(Given.Pool("-web", "169.254.1.1/24", spec => spec with
        {
            BlockSize = 33,
            IpipMode = "Always",
            VxlanMode = "CrossSubnet",
            NodeSelector = "a ==",
            NamespaceSelector = "global()",
            AllowedUses = ["Tunnel", "LoadBalancer", "Tunnel", "workload"],
            AssignmentMode = "",
        })).ShouldBe(
        [
            RefusalCode.NameFormat, RefusalCode.CidrNotMasked, RefusalCode.LinkLocal, RefusalCode.BlocksizeRange, RefusalCode.BothEncaps,
            RefusalCode.UseRepeated, RefusalCode.UseEnum, RefusalCode.NodeSelectorSyntax, RefusalCode.NamespaceSelectorGlobal,
            RefusalCode.LbCombined, RefusalCode.LbEncap, RefusalCode.LbNodeSelector, RefusalCode.TunnelNamespaceSelector, RefusalCode.AssignmentModeEnum,
        ]);

    [Fact]
    public void A_namespace_selector_alone_passes_offline_and_fails_on_creation()
    {
        var pool = Given.Pool("web", "10.0.0.0/16", spec => spec with { NamespaceSelector = "has(team)" });
        Codes(pool).ShouldBeEmpty();
        Given.Nothing.Creating(pool).Codes().ShouldBe([RefusalCode.TunnelNamespaceSelector]);
    }

    [Theory]
    [InlineData("a", null)]
    [InlineData("My_Pool.1", null)]
    [InlineData("", RefusalCode.NameFormat)]
    [InlineData("a..b", RefusalCode.NameFormat)]
    [InlineData("a\n", RefusalCode.NameFormat)]
    [InlineData("é", RefusalCode.NameFormat)]
    [InlineData("a_", RefusalCode.NameFormat)]
    public void Names_follow_the_page(string name, RefusalCode? code) =>
        Codes(new Node(new(name), new())).ShouldBe(code is { } refused ? [refused] : []);

    [Theory]
    [InlineData("web-1.a", 0)]
    [InlineData("Web", 1)]
    [InlineData("my_pool", 1)]
    [InlineData("a.-b", 1)]
    public void A_name_that_other_tools_refuse_gets_a_note(string name, int notes) => ResourceRules.Notes(new Node(new(name), new())).Length.ShouldBe(notes);

    [Theory]
    [InlineData("example.org/Tier", "front", null)]
    [InlineData("tier", "", null)]
    [InlineData("Example.org/tier", "x", RefusalCode.LabelKey)]
    [InlineData("/tier", "x", RefusalCode.LabelKey)]
    [InlineData("a/b/c", "x", RefusalCode.LabelKey)]
    [InlineData("tier", "-x", RefusalCode.LabelValue)]
    [InlineData("tier", "x y", RefusalCode.LabelValue)]
    public void Labels_are_checked_by_key_and_value(string key, string value, RefusalCode? code) =>
        Codes(new Node(new("n") { Labels = Given.Map(key, value) }, new())).ShouldBe(code is { } refused ? [refused] : []);

    [Fact]
    public void Annotations_may_have_upper_case_prefixes_but_not_any_size()
    {
        Codes(new Node(new("n") { Annotations = Given.Map("Example.ORG/note", "any text: é") }, new())).ShouldBeEmpty();
        Codes(new Node(new("n") { Annotations = Given.Map("note", new string('x', 262_141)) }, new())).ShouldBe([RefusalCode.AnnotationInvalid]);
    }

    [Fact]
    public void A_namespace_is_refused() =>
        Codes(new Node(new("n") { Namespace = "default" }, new())).ShouldBe([RefusalCode.NamespaceNotAllowed]);

    [Fact]
    public void The_configuration_has_one_name_and_its_ranges()
    {
        Codes(new IpamConfiguration(new("other"), new() { MaxBlocksPerHost = -1, IpCooldownSeconds = 1_201, KubeVirtVmAddressPersistence = "On" }))
            .ShouldBe([RefusalCode.NameFormat, RefusalCode.OutOfRange, RefusalCode.OutOfRange, RefusalCode.Enum]);
        Codes(new IpamConfiguration(new("default"), new() { MaxBlocksPerHost = 5 })).ShouldBeEmpty();
        ConfigurationRules.Check(new() { MaxBlocksPerHost = 5, AutoAllocateBlocks = false }).Select(refusal => refusal.Code)
            .ShouldBe([RefusalCode.NeitherStrictNorAuto, RefusalCode.LimitNeedsStrict]);
    }

    [Fact]
    public void A_reservation_names_the_entry_that_is_wrong()
    {
        var refusals = ResourceRules.Validate(new IpReservation(new("r"), ["10.0.0.1", "10.0.0.7/24", "here"]));
        refusals.Select(refusal => (refusal.Code, refusal.Field)).ShouldBe([(RefusalCode.CidrInvalid, "spec.reservedCIDRs[2]")]);
    }

    [Fact]
    public void Every_broken_part_of_a_node_is_named() =>
        ResourceRules.Validate(new Node(new("n"), new()
        {
            Bgp = new() { Ipv4Address = "fd00::1/64", Ipv6Address = "::/200", Ipv4IpipTunnelAddr = "10.0.0.1/32", AsNumber = "4294967296" },
            Ipv6VxlanTunnelAddr = "10.0.0.1",
            VxlanTunnelMacAddr = "66:3e",
            Addresses = [new("10.0.0.1", "Hostname")],
        })).Select(refusal => (refusal.Code, refusal.Field)).ShouldBe(
        [
            (RefusalCode.WrongFamily, "spec.bgp.ipv4Address"),
            (RefusalCode.CidrInvalid, "spec.bgp.ipv6Address"),
            (RefusalCode.BadIp, "spec.bgp.ipv4IPIPTunnelAddr"),
            (RefusalCode.Invalid, "spec.bgp.asNumber"),
            (RefusalCode.WrongFamily, "spec.ipv6VXLANTunnelAddr"),
            (RefusalCode.Invalid, "spec.vxlanTunnelMACAddr"),
            (RefusalCode.Enum, "spec.addresses[0].type"),
        ]);

    [Fact]
    public void An_empty_bgp_part_is_refused() => Codes(new Node(new("n"), new() { Bgp = new() })).ShouldBe([RefusalCode.BgpEmpty]);

    private static RefusalCode[] Codes(Resource resource) => [.. ResourceRules.Validate(resource).Select(refusal => refusal.Code)];
}

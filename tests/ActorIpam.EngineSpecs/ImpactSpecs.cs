using System.Collections.Immutable;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using Shouldly;
using static ActorIpam.EngineSpecs.World;

namespace ActorIpam.EngineSpecs;

/// <summary>What changes of resources would do, told before they are made; and what they then do.</summary>
public sealed class ImpactSpecs
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pool_that_is_disabled_keeps_what_is_in_use()
    {
        await using var world = await BusyAsync();
        var report = await world.Member.Door.Impacts.ImpactAsync([new IpPool(new("web"), new() { Cidr = "10.0.0.0/24", BlockSize = 29, Disabled = true })], [], Cancellation);
        Lines(report).ShouldBe(["IPPool web: it is disabled: 12 addresses in use on 2 hosts stay, no new ones are assigned"]);
    }

    [Fact]
    public async Task A_selector_that_leaves_nodes_out_names_them_and_their_blocks()
    {
        await using var world = await BusyAsync();
        var report = await world.Member.Door.Impacts.ImpactAsync([Pool("web", "10.0.0.0/24", 29, "zone == 'east'")], [], Cancellation);
        Lines(report).ShouldHaveSingleItem().ShouldStartWith("IPPool web: it no longer selects 1 node (b): their 1 block and 2 addresses stay theirs, but they get no new ones");
    }

    [Fact]
    public async Task A_node_that_is_deleted_tells_of_its_blocks_and_addresses_and_that_is_what_happens()
    {
        await using var world = await BusyAsync();
        var report = await world.Member.Door.Impacts.ImpactAsync([], [new(ResourceKind.Node, "a")], Cancellation);
        report.Items.ShouldHaveSingleItem().Effects.Select(static effect => (effect.Code, effect.Count)).ShouldBe([("blocks_lose_owner", 2L), ("addresses_stay", 10L)]);

        Must(await world.Member.Door.DeleteAsync(ResourceKind.Node, "a", null, dryRun: false, Cancellation));
        var blocks = world.Journal.Snapshot().Blocks.Values.ToList();
        (blocks.Count(static row => row.Owner is null), world.Journal.Snapshot().Addresses.Values.Count(static row => row.Holder.Name == "a")).ShouldBe((2, 10));
    }

    [Fact]
    public async Task A_pool_that_is_deleted_tells_what_becomes_of_its_blocks()
    {
        await using var world = await BusyAsync();
        var report = await world.Member.Door.Impacts.ImpactAsync([], [new(ResourceKind.IPPool, "web")], Cancellation);
        report.Items[0].Effects.Select(static effect => effect.Message).ShouldBe(
        [
            "of its 3 owned blocks, 0 empty ones go back and 3 lose their owner",
            "12 addresses in use on 2 hosts stay until they are released, in blocks without owner; no new ones are assigned",
        ]);
    }

    [Fact]
    public async Task A_reservation_names_the_held_addresses_it_covers()
    {
        await using var world = await BusyAsync();
        var report = await world.Member.Door.Impacts.ImpactAsync([new IpReservation(new("kept"), ["10.0.0.0/24"])], [], Cancellation);
        Lines(report).ShouldHaveSingleItem().ShouldContain("covers 12 held addresses (10.0.0.");
    }

    [Fact]
    public async Task Strict_affinity_counts_what_is_borrowed()
    {
        await using var world = await WithAsync(Node("a"), Node("b"), Pool("web", "10.0.0.0/29", 29));
        Must(await world.Member.Door.AssignAsync(new() { Host = "a", Handle = "one", Ipv4 = 1 }, Cancellation));
        Must(await world.Member.Door.AssignAsync(new() { Host = "b", Handle = "two", Ipv4 = 3 }, Cancellation));
        var report = await world.Member.Door.Impacts.ImpactAsync([new IpamConfiguration(new("default"), new() { StrictAffinity = true })], [], Cancellation);
        Lines(report).ShouldBe(["IPAMConfiguration default: hosts borrow no more: 3 borrowed addresses stay until they are released"]);
    }

    [Fact]
    public async Task An_encapsulation_that_changes_moves_routes()
    {
        await using var world = await BusyAsync();
        var ipip = new IpPool(new("web"), new() { Cidr = "10.0.0.0/24", BlockSize = 29, IpipMode = "Always" });
        var tunnelled = new[] { Tunnelled("a", "east", "172.16.0.1"), Tunnelled("b", "west", "172.16.0.2") };
        var report = await world.Member.Door.Impacts.ImpactAsync([.. tunnelled, ipip], [], Cancellation);
        report.Routes.ShouldContain("3 routes move from direct to ipip on 2 nodes (a, b)", string.Join('\n', report.Routes));
    }

    [Fact]
    public async Task Several_changes_are_rehearsed_together_and_a_contradiction_is_found()
    {
        await using var world = await WithAsync(Node("a"));
        var report = await world.Member.Door.Impacts.ImpactAsync([Pool("one", "10.0.0.0/24", 26), Pool("two", "10.0.0.0/25", 26)], [], Cancellation);
        report.Items.Select(static item => item.Outcome).ShouldBe(["created", "refused"]);
        (await world.Member.Door.ListAsync(ResourceKind.IPPool, Cancellation)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_changes_nothing_has_no_effects()
    {
        await using var world = await BusyAsync();
        var stored = (await world.Member.Door.ListAsync(ResourceKind.IPPool, Cancellation)).Items[0];
        var report = await world.Member.Door.Impacts.ImpactAsync([stored], [], Cancellation);
        (report.Items[0].Outcome, report.Lines().Length).ShouldBe(("unchanged", 0));
    }

    /// <summary>Node a has two blocks with ten addresses, node b one with two.</summary>
    private static async Task<World> BusyAsync()
    {
        var world = await WithAsync(Node("a", "east"), Node("b", "west"), Pool("web", "10.0.0.0/24", 29));
        Must(await world.Member.Door.AssignAsync(new() { Host = "a", Handle = "web", Ipv4 = 10 }, Cancellation));
        Must(await world.Member.Door.AssignAsync(new() { Host = "b", Handle = "db", Ipv4 = 2 }, Cancellation));
        return world;
    }

    private static Node Tunnelled(string name, string zone, string tunnel)
    {
        var node = Node(name, zone);
        return node with { Spec = node.Spec with { Bgp = node.Spec.Bgp! with { Ipv4IpipTunnelAddr = tunnel } } };
    }

    private static ImmutableArray<string> Lines(ImpactReport report) => report.Lines();
}

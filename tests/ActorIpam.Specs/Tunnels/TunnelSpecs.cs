using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using Shouldly;

namespace ActorIpam.Specs.Tunnels;

/// <summary>Tunnel addresses as pools ask for them (semantics.md §19), kept by two members at once unless said otherwise.</summary>
public sealed class TunnelSpecs : IAsyncDisposable
{
    private readonly TunnelWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Each_node_gets_one_address_of_each_kind_from_however_many_members()
    {
        await _world.PoolAsync("tunnels", "10.1.0.0/24", vxlan: "CrossSubnet");
        await _world.PoolAsync("links", "10.2.0.0/24", ipip: "Always");
        await _world.PoolAsync("six", "fd00:1::/112", vxlan: "Always", selector: "has(none)");
        _world.Keep(members: 3);
        foreach (var name in new[] { "n1", "n2", "n3", "n4" })
        {
            await _world.NodeAsync(name);
        }

        await TunnelWorld.UntilAsync(async () => await AreSettledAsync("n1") && await AreSettledAsync("n2") && await AreSettledAsync("n3") && await AreSettledAsync("n4"));
        await _world.StopKeepingAsync();

        (await AreSettledAsync("n1")).ShouldBeTrue();
        var row = (await _world.HeldAsync("vxlan-tunnel-addr-n1")).Single();
        row.Attributes.ShouldBe([new("node", "n1"), new("type", "vxlanTunnelAddress")]);
        (await _world.SpecAsync("n1")).Ipv6VxlanTunnelAddr.ShouldBeNull();
        (await _world.HeldAsync("vxlan-v6-tunnel-addr-n1")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_users_own_endpoint_stays_and_needs_no_address()
    {
        await _world.PoolAsync("tunnels", "10.1.0.0/24", vxlan: "Always");
        await _world.NodeAsync("n1", new() { Ipv4VxlanTunnelAddr = "192.168.0.3" });
        await _world.NodeAsync("n2");
        _world.Keep(members: 2);

        await TunnelWorld.UntilAsync(async () => (await _world.SpecAsync("n2")).Ipv4VxlanTunnelAddr is not null);
        await _world.StopKeepingAsync();

        (await _world.SpecAsync("n1")).Ipv4VxlanTunnelAddr.ShouldBe("192.168.0.3");
        (await _world.HeldAsync("vxlan-tunnel-addr-n1")).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_address_moves_when_its_pool_qualifies_no_longer_and_goes_with_the_last_pool()
    {
        await _world.PoolAsync("old", "10.1.0.0/24", vxlan: "Always");
        await _world.NodeAsync("n1");
        _world.Keep(members: 2);
        await TunnelWorld.UntilAsync(async () => await _world.OnlyAsync("vxlan-tunnel-addr-n1") is { } ip && (await _world.SpecAsync("n1")).Ipv4VxlanTunnelAddr == ip);

        await _world.PoolAsync("young", "10.9.0.0/24", vxlan: "CrossSubnet");
        await _world.ChangePoolAsync("old", spec => spec with { Disabled = true });
        await TunnelWorld.UntilAsync(async () => await _world.OnlyAsync("vxlan-tunnel-addr-n1") is { } ip
            && ip.StartsWith("10.9.", StringComparison.Ordinal) && (await _world.SpecAsync("n1")).Ipv4VxlanTunnelAddr == ip);

        await _world.ChangePoolAsync("young", spec => spec with { VxlanMode = "Never" });
        await TunnelWorld.UntilAsync(async () => (await _world.HeldAsync("vxlan-tunnel-addr-n1")).IsEmpty && (await _world.SpecAsync("n1")).Ipv4VxlanTunnelAddr is null);
    }

    [Fact]
    public async Task An_address_that_was_released_by_hand_is_replaced()
    {
        await _world.PoolAsync("links", "10.2.0.0/24", ipip: "Always");
        await _world.NodeAsync("n1");
        _world.Keep(members: 2);
        await TunnelWorld.UntilAsync(async () => (await _world.SpecAsync("n1")).Bgp?.Ipv4IpipTunnelAddr is not null);
        var first = (await _world.HeldAsync("ipip-tunnel-addr-n1")).Single();

        await _world.ReleaseAsync(first.Ip.ToString());

        await TunnelWorld.UntilAsync(async () => await _world.HeldAsync("ipip-tunnel-addr-n1") is [var now]
            && now.Generation != first.Generation && (await _world.SpecAsync("n1")).Bgp?.Ipv4IpipTunnelAddr == now.Ip.ToString());
    }

    [Fact]
    public async Task What_a_member_left_half_done_is_finished_by_the_next()
    {
        await _world.PoolAsync("tunnels", "10.1.0.0/24", vxlan: "Always");
        await _world.NodeAsync("n1");
        await _world.NodeAsync("n2");
        var left = await AssignAsync("n1", "vxlan-tunnel-addr-n1", "vxlanTunnelAddress");
        var stray = await AssignAsync("n2", "vxlan-tunnel-addr-n2", "vxlanTunnelAddress");
        var other = await AssignAsync("n2", "vxlan-tunnel-addr-n2", "something else");
        await _world.DeleteNodeAsync("n2");

        _world.Keep(members: 2);

        // The one is recorded, the one of a node that is not there is released, the one of somebody else stays.
        await TunnelWorld.UntilAsync(async () => (await _world.SpecAsync("n1")).Ipv4VxlanTunnelAddr == left && await _world.OnlyAsync("vxlan-tunnel-addr-n2") == other);
        stray.ShouldNotBe(other);
    }

    [Fact]
    public async Task The_addresses_of_a_node_go_with_it_and_so_does_its_block()
    {
        await _world.PoolAsync("links", "10.2.0.0/24", ipip: "Always");
        await _world.NodeAsync("n1", new() { Bgp = new() { Ipv4Address = "172.16.0.1/24" } });
        _world.Keep(members: 2);
        await TunnelWorld.UntilAsync(async () => (await _world.SpecAsync("n1")).Bgp?.Ipv4IpipTunnelAddr is not null);

        await _world.DeleteNodeAsync("n1");

        await TunnelWorld.UntilAsync(async () => (await _world.HeldAsync("ipip-tunnel-addr-n1")).IsEmpty);
        await TunnelWorld.UntilAsync(async () => (await _world.Door.BlocksAsync(new(null, null), CancellationToken.None)).Value.IsEmpty);
    }

    private async Task<string> AssignAsync(string host, string handle, string type) =>
        (await _world.Door.AssignAsync(
            new() { Host = host, Handle = handle, Ipv4 = 1, Use = "Tunnel", Attributes = Metadata.EmptyMap.Add("type", type) }, CancellationToken.None)).Value.Ipv4.Single().Address;

    /// <summary>One address of each kind, named by the Node.</summary>
    private async Task<bool> AreSettledAsync(string node)
    {
        var spec = await _world.SpecAsync(node);
        return spec is { Ipv4VxlanTunnelAddr: { } vxlan, Bgp.Ipv4IpipTunnelAddr: { } ipip }
            && await _world.OnlyAsync("vxlan-tunnel-addr-" + node) == vxlan && await _world.OnlyAsync("ipip-tunnel-addr-" + node) == ipip;
    }
}

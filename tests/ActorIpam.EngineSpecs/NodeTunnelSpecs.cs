using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using Shouldly;

namespace ActorIpam.EngineSpecs;

/// <summary>A definition of a node that knows nothing of tunnel addresses may be applied again and again.</summary>
public sealed class NodeTunnelSpecs : IAsyncLifetime
{
    private static readonly Node Defined = new(new("node-a"), new() { Bgp = new() { Ipv4Address = "192.0.2.1/24" } });

    private readonly MemoryJournal _journal = new();
    private Member _member = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _member = Member.Start(new(_journal, _journal, TimeProvider.System, new Counting()), new() { Name = "alone" });
        await _member.Door.CreateAsync(Defined, dryRun: false, Cancellation);
        await _member.Door.CreateAsync(new IpPool(new("web"), new() { Cidr = "10.0.0.0/24", IpipMode = "Always" }), dryRun: false, Cancellation);
    }

    public ValueTask DisposeAsync() => _member.DisposeAsync();

    [Fact]
    public async Task A_tunnel_address_that_is_held_for_the_node_stays()
    {
        var address = await RecordAsync("ipip-tunnel-addr-node-a");
        (await TunnelAfterApplyingAsync()).ShouldBe(address);
    }

    [Fact]
    public async Task An_address_that_somebody_else_wrote_goes_with_the_definition_that_leaves_it_out()
    {
        await RecordAsync("somebody-else");
        (await TunnelAfterApplyingAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_tunnel_address_of_a_pool_that_gives_none_any_more_goes()
    {
        await RecordAsync("ipip-tunnel-addr-node-a");
        await _member.Door.UpdateAsync(new IpPool(new("web"), new() { Cidr = "10.0.0.0/24" }), dryRun: false, Cancellation);
        (await TunnelAfterApplyingAsync()).ShouldBeNull();
    }

    private async Task<string> RecordAsync(string handle)
    {
        var given = (await _member.Door.AssignAsync(new AssignRequest { Host = "node-a", Handle = handle, Ipv4 = 1, Use = "Tunnel" }, Cancellation)).Value.Ipv4.Single().Address;
        await _member.Door.UpdateAsync(Defined with { Spec = Defined.Spec with { Bgp = Defined.Spec.Bgp! with { Ipv4IpipTunnelAddr = given } } }, dryRun: false, Cancellation);
        return given;
    }

    private async Task<string?> TunnelAfterApplyingAsync() =>
        ((Node)(await _member.Door.UpdateAsync(Defined, dryRun: false, Cancellation)).Value).Spec.Bgp!.Ipv4IpipTunnelAddr;
}

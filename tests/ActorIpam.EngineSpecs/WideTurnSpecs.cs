using System.Collections.Immutable;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine;
using ActorIpam.Engine.InMemory;
using Shouldly;
using static ActorIpam.EngineSpecs.World;

namespace ActorIpam.EngineSpecs;

/// <summary>One request that looks at more blocks than a turn may plan rounds without getting on, on a member that has read none of them: each look brings it one further.</summary>
public sealed class WideTurnSpecs : IAsyncLifetime
{
    private const int Blocks = 220;

    private readonly MemoryJournal _journal = new();
    private readonly Member _cold;
    private ImmutableArray<AssignedAddress> _held;

    public WideTurnSpecs() => _cold = Start("cold");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        new MemberOptions { Name = "any" }.RoundsPerTurn.ShouldBeLessThan(Blocks);
        await using var warm = Start("warm");
        Must(await warm.Door.CreateAsync(Node("node-a"), dryRun: false, Cancellation));
        Must(await warm.Door.CreateAsync(Pool("web", "10.0.0.0/22", 32), dryRun: false, Cancellation));
        _held = Must(await warm.Door.AssignAsync(new() { Host = "node-a", Handle = "pod", Ipv4 = Blocks, MaxBlocks = 2 * Blocks }, Cancellation)).Ipv4;
        _held.Length.ShouldBe(Blocks);
    }

    [Fact]
    public async Task Addresses_of_many_blocks_are_released_at_once()
    {
        var released = Must(await _cold.Door.ReleaseAsync(
            new() { RequestId = "all", Addresses = [.. _held.Select(static address => new ReleaseEntry(address.Address, null, address.Generation))] }, Cancellation));
        released.Released.Length.ShouldBe(Blocks);
    }

    [Fact]
    public async Task What_a_handle_holds_in_many_blocks_is_released_at_once() =>
        Must(await _cold.Door.ReleaseHandleAsync(new() { Handle = "pod" }, Cancellation)).Released.Length.ShouldBe(Blocks);

    [Fact]
    public async Task A_host_with_many_full_blocks_gets_one_more()
    {
        var granted = Must(await _cold.Door.AssignAsync(new() { Host = "node-a", Handle = "late", Ipv4 = 1, MaxBlocks = 2 * Blocks }, Cancellation)).Ipv4;
        _held.Select(static address => address.Address).ShouldNotContain(granted.ShouldHaveSingleItem().Address);
    }

    public ValueTask DisposeAsync() => _cold.DisposeAsync();

    private Member Start(string name) => Member.Start(new(_journal, _journal, TimeProvider.System, new Counting()), new() { Name = name });
}

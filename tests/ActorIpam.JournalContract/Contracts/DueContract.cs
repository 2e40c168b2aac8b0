using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;
using static ActorIpam.Domain.Views.IpamViewChange;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Contracts;

/// <summary>What sweepers find, and what they may forget (protocol.md §5, sweepers).</summary>
public abstract class DueContract(IJournalSource source)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string[] Names(IEnumerable<BlockRow> rows) => [.. rows.Select(row => row.Block.ToString())];

    private static IEnumerable<(string Id, DateTimeOffset At, Grant Grant, bool IsHeld)> Told(IEnumerable<OldRequest> rows) =>
        rows.Select(static row => (row.Id, row.At, row.Grant.ShouldHaveSingleItem(), row.IsHeld));

    private static BlockStands Cooling(string cidr, double since) => new(BlockOf(cidr, A, cooling: 1) with { CoolingSince = At(since) });

    private static Unit Granting(string id, double at, string ip, long generation) =>
        Guarded(new IpamGuard.NewRequest(id, "d", null, null, [new(Ip(ip), generation)])) with { At = At(at) };

    [Fact]
    public async Task Blocks_that_cool_are_found_by_their_oldest_release()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Showing(
            Cooling("10.0.0.0/28", 30), Cooling("10.0.0.16/28", 10), Cooling("10.0.0.32/28", 20), Cooling("fd00::/124", 10), Stands("10.0.0.48/28", A, free: 16)));

        Names(await under.Due.CoolingThroughAsync(At(20), 9, Cancellation)).ShouldBe(["10.0.0.16/28", "fd00::/124", "10.0.0.32/28"]);
        Names(await under.Due.CoolingThroughAsync(At(99), 1, Cancellation)).ShouldBe(["10.0.0.16/28"]);
        (await under.Due.CoolingThroughAsync(At(9), 9, Cancellation)).ShouldBeEmpty();

        await under.WinAsync(Showing(Stands("10.0.0.16/28", A, free: 16)));
        Names(await under.Due.CoolingThroughAsync(At(20), 9, Cancellation)).ShouldBe(["fd00::/124", "10.0.0.32/28"]);
    }

    [Fact]
    public async Task Spare_blocks_neither_hold_nor_cool_anything_and_are_not_their_owners_only_one_of_the_family()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Showing(
            Stands("10.0.0.0/28", A, free: 16), Stands("10.0.0.16/28", A, free: 15, cooling: 1), Stands("10.0.0.32/28", null, free: 16), Stands("10.0.0.48/28", B, free: 15),
            Stands("10.0.0.64/28", B, free: 16), Stands("fd00::/124", A, free: 16)));

        Names(await under.Due.EmptyBlocksAsync(null, 9, Cancellation)).ShouldBe(["10.0.0.0/28", "10.0.0.64/28"]);
        Names(await under.Due.EmptyBlocksAsync(null, 1, Cancellation)).ShouldBe(["10.0.0.0/28"]);
        Names(await under.Due.EmptyBlocksAsync(Cidr.Parse("10.0.0.0/28"), 1, Cancellation)).ShouldBe(["10.0.0.64/28"]);

        await under.WinAsync(Showing(Stands("fd00::10/124", A, free: 15)));
        Names(await under.Due.EmptyBlocksAsync(Cidr.Parse("10.0.0.64/28"), 9, Cancellation)).ShouldBe(["fd00::/124"]);
    }

    [Fact]
    public async Task Old_requests_come_oldest_first_and_tell_whether_their_grant_is_still_held()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Granting("b", 10, "10.0.0.1", 4));
        await under.WinAsync(Granting("a", 10, "10.0.0.2", 4));
        await under.WinAsync(Granting("c", 5, "10.0.0.3", 4));
        await under.WinAsync(Granting("d", 20, "10.0.0.4", 4));
        await under.WinAsync(Showing(Held("10.0.0.1", 4), Held("10.0.0.2", 5)));

        var old = await under.Due.OldRequestsAsync(At(20), null, 2, Cancellation);

        Told(old).ShouldBe([("c", At(5), new(IpAddress.Parse("10.0.0.3"), 4), false), ("a", At(10), new(IpAddress.Parse("10.0.0.2"), 4), false)]);
        Told(await under.Due.OldRequestsAsync(At(20), old[1], 9, Cancellation)).ShouldBe([("b", At(10), new(IpAddress.Parse("10.0.0.1"), 4), true)]);
        (await under.Due.OldRequestsAsync(At(5), null, 9, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_request_is_forgotten_only_as_it_was_seen()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Granting("r", 10, "10.0.0.1", 4));
        await under.WinAsync(Granting("kept", 10, "10.0.0.1", 4));

        await under.WinAsync(Showing(new RequestForgotten("r", At(9)), new RequestForgotten("never", At(9))));
        (await under.Views.RequestAsync("r", Cancellation)).ShouldNotBeNull();

        await under.WinAsync(Showing(new RequestForgotten("r", At(10))));
        (await under.Views.RequestAsync("r", Cancellation)).ShouldBeNull();
        (await under.Views.RequestAsync("kept", Cancellation)).ShouldNotBeNull();
        await under.WinAsync(Granting("r", 11, "10.0.0.1", 9));
    }

    [Fact]
    public async Task Closed_handles_tell_what_their_final_release_has_left()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Guarded(new IpamGuard.HandleClose("done", At(1))) with { At = At(50) });
        await under.WinAsync(Guarded(new IpamGuard.HandleClose("again", At(2))) with { At = At(60) });
        await under.WinAsync(Guarded(new IpamGuard.HandleClose("half", At(3))) with { At = At(70) });
        await under.WinAsync(Guarded(new IpamGuard.HandleClose("half", At(2))) with { At = At(71) });
        await under.WinAsync(Showing(
            new AddressHeld(Row("10.0.0.1", handle: "again") with { Issued = At(2.5) }),
            new AddressHeld(Row("10.0.0.2", handle: "half") with { Issued = At(3) }),
            Held("10.0.0.3", handle: "open")));

        var closed = await under.Due.ClosedHandlesAsync(null, 2, Cancellation);

        closed.ShouldBe([new("again", At(2), At(60), true, false), new("done", At(1), At(50), false, false)]);
        (await under.Due.ClosedHandlesAsync("done", 2, Cancellation)).ShouldBe([new("half", At(3), At(71), true, true)]);
    }

    [Fact]
    public async Task A_final_release_is_forgotten_only_as_it_was_seen()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Guarded(new IpamGuard.HandleClose("web", At(5))));

        await under.WinAsync(Showing(new CloseForgotten("web", At(4))));
        (await under.Views.HandleClosedThroughAsync("web", Cancellation)).ShouldBe(At(5));

        await under.WinAsync(Showing(new CloseForgotten("web", At(5))));
        (await under.Views.HandleClosedThroughAsync("web", Cancellation)).ShouldBeNull();
        await under.WinAsync(Guarded(new IpamGuard.HandleOpen("web", At(1), [])));
    }

    [Fact]
    public async Task Units_of_one_batch_that_grant_and_forget_the_same_request_keep_their_order()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Granting("r", 1, "10.0.0.1", 4));

        var outcomes = await under.Journal.AppendAsync([Granting("r", 2, "10.0.0.1", 4), Showing(new RequestForgotten("r", At(1))), Granting("r", 3, "10.0.0.1", 5)]);

        outcomes[0].ShouldBeOfType<Outcome.Refused>();
        outcomes[1].ShouldBeOfType<Outcome.Won>();
        outcomes[2].ShouldBeOfType<Outcome.Won>();
        (await under.Views.RequestAsync("r", Cancellation))!.At.ShouldBe(At(3));
    }
}

using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.Membership;
using Shouldly;

namespace ActorIpam.EngineSpecs.Cluster;

/// <summary>How members come, are seen, are taken for dead, and go.</summary>
public sealed class PresenceSpecs
{
    private readonly TableClock _clock = new();
    private readonly MemoryMemberTable _table;

    public PresenceSpecs() => _table = new(_clock, () => Head.None);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Members_see_each_other_after_a_beat()
    {
        var first = await JoinedAsync("m1");
        await JoinedAsync("m2");
        first.Seen.Placed.Select(row => row.Name).ShouldBe(["m1"]);
        await first.BeatAsync(Cancellation);
        first.Seen.Placed.Select(row => row.Name).ShouldBe(["m1", "m2"]);
    }

    [Fact]
    public async Task Who_does_not_write_while_others_do_is_dead_after_five_seconds()
    {
        var first = await JoinedAsync("m1");
        await JoinedAsync("m2");
        _clock.Ahead = TimeSpan.FromSeconds(4);
        await first.BeatAsync(Cancellation);
        first.Seen.Placed.Length.ShouldBe(2);
        _clock.Ahead = TimeSpan.FromSeconds(6);
        await first.BeatAsync(Cancellation);
        first.Seen.Placed.Select(row => row.Name).ShouldBe(["m1"]);
    }

    [Fact]
    public void When_nobody_can_write_nobody_dies()
    {
        var long_ago = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        MemberRow[] rows = [new("m1", 1, "http://m1", 1, long_ago, false), new("m2", 2, "http://m2", 1, long_ago.AddSeconds(3), false)];
        MembersSeen.Living([.. rows], TimeSpan.FromSeconds(5)).ShouldBe(rows);
    }

    [Fact]
    public async Task Who_drains_or_has_no_address_gets_no_keys()
    {
        var first = await JoinedAsync("m1");
        var second = await JoinedAsync("m2");
        await JoinedAsync("m3", address: "");
        await second.DrainAsync(Cancellation);
        await first.BeatAsync(Cancellation);
        first.Seen.Rows.Length.ShouldBe(3);
        first.Seen.Placed.Select(row => row.Name).ShouldBe(["m1"]);
    }

    [Fact]
    public async Task Of_two_processes_with_one_name_the_older_stops_and_does_not_come_back()
    {
        var older = await JoinedAsync("m1");
        var newer = await JoinedAsync("m1");
        older.Departing.IsCompleted.ShouldBeFalse();
        await older.BeatAsync(Cancellation);
        (await older.Departing).ShouldBe(Departure.Superseded);
        await older.LeaveAsync(Cancellation);
        await newer.BeatAsync(Cancellation);
        newer.Departing.IsCompleted.ShouldBeFalse();
        newer.Seen.Rows.ShouldHaveSingleItem().Incarnation.ShouldBe(newer.Incarnation);
    }

    [Fact]
    public async Task A_member_that_is_asked_to_leave_notices_and_drains()
    {
        var member = await JoinedAsync("m1");
        (await _table.AskToLeaveAsync("m1", Cancellation)).ShouldBeTrue();
        await member.BeatAsync(Cancellation);
        (await member.Departing).ShouldBe(Departure.Asked);
        member.IsDraining.ShouldBeTrue();
    }

    [Fact]
    public async Task A_name_that_was_asked_to_leave_may_join_again()
    {
        await JoinedAsync("m1");
        await _table.AskToLeaveAsync("m1", Cancellation);
        var again = await JoinedAsync("m1");
        again.Departing.IsCompleted.ShouldBeFalse();
        again.Seen.Placed.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Nobody_asks_a_member_to_leave_that_is_not_there() => (await _table.AskToLeaveAsync("m1", Cancellation)).ShouldBeFalse();

    [Theory]
    [InlineData(1, true)]
    [InlineData(9, true)]
    [InlineData(-9, true)]
    [InlineData(11, false)]
    [InlineData(-11, false)]
    public async Task A_clock_that_is_too_far_off_is_not_trusted(int seconds, bool trusted)
    {
        // INV-11 holds within the stated error of clocks.
        _clock.Ahead = TimeSpan.FromSeconds(seconds);
        var member = await JoinedAsync("m1");
        member.IsClockTrusted.ShouldBe(trusted);
        member.Seen.ClockError.TotalSeconds.ShouldBe(-seconds, tolerance: 0.5);
    }

    [Theory]
    [InlineData(4, 5, true)]
    [InlineData(5, 4, true)]
    [InlineData(4, 6, false)]
    [InlineData(6, 4, false)]
    public async Task Members_may_differ_by_one_step_of_an_upgrade(int there, int joining, bool may)
    {
        await JoinedAsync("m1", there);
        if (may)
        {
            await JoinedAsync("m2", joining);
            return;
        }

        (await Should.ThrowAsync<JoinRefusedException>(() => JoinedAsync("m2", joining))).Message.ShouldContain("m1 speaks");
        (await JoinedAsync("m3", there)).Seen.Rows.Select(row => row.Name).ShouldBe(["m1", "m3"]);
    }

    [Fact]
    public async Task Who_slept_through_two_upgrades_of_the_others_places_no_keys_on_them_nor_they_on_it()
    {
        var sleeper = await JoinedAsync("m1", protocol: 1);
        _clock.Ahead = TimeSpan.FromSeconds(6);
        var upgraded = await JoinedAsync("m2", protocol: 3);
        await sleeper.BeatAsync(Cancellation);
        await upgraded.BeatAsync(Cancellation);
        sleeper.Seen.Rows.Length.ShouldBe(2);
        sleeper.Seen.Placed.Select(row => row.Name).ShouldBe(["m1"]);
        upgraded.Seen.Placed.Select(row => row.Name).ShouldBe(["m2"]);
    }

    private async Task<Presence> JoinedAsync(string name, int protocol = 1, string? address = null)
    {
        var presence = new Presence(_table, TimeProvider.System, new() { Name = name, Address = address ?? $"http://{name}", Protocol = protocol });
        await presence.JoinAsync(Cancellation);
        return presence;
    }
}

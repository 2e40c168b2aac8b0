using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Members.SomeMembers;

namespace ActorIpam.JournalContract.Members;

/// <summary>What whole members do without being asked, and what they leave alone.</summary>
public sealed class SweepSpecs
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(25);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Old_requests_and_final_releases_are_forgotten_when_nothing_of_them_is_held()
    {
        await using var members = new SomeMembers(2, TimeSpan.Zero);
        await members.PrepareAsync("10.0.0.0/24", 28, "a");
        var issued = members.Clock.GetUtcNow();
        foreach (var name in (string[])["gone", "held"])
        {
            Must(await members.Door.AssignAsync(new() { Host = "a", Handle = name, Ipv4 = 1, RequestId = name, IssuedAt = issued }, Cancellation));
        }

        Must(await members.Door.ReleaseHandleAsync(new() { Handle = "gone", Final = true, IssuedAt = issued.AddSeconds(1) }, Cancellation));

        await members.SweepAllAsync();
        members.Journal.Snapshot().Requests.Keys.ShouldBe(["gone", "held"]);

        members.Clock.PutForward(Day);
        await members.SweepAllAsync();
        members.Journal.Snapshot().Requests.Keys.ShouldBe(["held"]);
        members.Journal.Snapshot().Handles.ShouldBeEmpty();

        var repeat = Must(await members.Door.AssignAsync(new() { Host = "a", Handle = "held", Ipv4 = 1, RequestId = "held", IssuedAt = issued }, Cancellation));
        repeat.Ipv4.ShouldHaveSingleItem();
        members.Journal.Snapshot().Addresses.Count.ShouldBe(1, "INV-13: the repeat was answered with what it had been granted");
    }

    [Fact]
    public async Task A_final_release_that_stopped_half_way_is_finished()
    {
        await using var members = new SomeMembers(1, TimeSpan.Zero);
        await members.PrepareAsync("10.0.0.0/24", 28, "a");
        var issued = members.Clock.GetUtcNow();
        Must(await members.Door.AssignAsync(new() { Host = "a", Handle = "web", Ipv4 = 3, IssuedAt = issued }, Cancellation));
        Must(await members.Door.AssignAsync(new() { Host = "a", Handle = "web", Ipv4 = 1, IssuedAt = issued.AddSeconds(2) }, Cancellation));
        var close = new Unit(new(Guid.NewGuid())) { At = issued, Member = "dead", Guards = [new IpamGuard.HandleClose("web", issued.AddSeconds(1))] };
        (await members.Journal.AppendAsync([close]))[0].ShouldBeOfType<Outcome.Won>();

        await members[0].SweepAsync();

        members.Journal.Snapshot().Addresses.Count.ShouldBe(1, "INV-4: what was issued later stays");
        members[0].Sweeps.ReleasesFinished.ShouldBe(1);
        await members[0].SweepAsync();
        members[0].Sweeps.ShouldBe(members[0].Sweeps with { ReleasesFinished = 1, Failures = 0, Runs = 2 });
    }

    [Fact]
    public async Task A_host_keeps_what_it_claimed_after_its_node_was_deleted()
    {
        await using var members = new SomeMembers(2, TimeSpan.Zero);
        await members.PrepareAsync("10.0.0.0/24", 28, "a");
        Must(await members.Door.DeleteAsync(ResourceKind.Node, "a", null, dryRun: false, Cancellation));
        members.Clock.PutForward(TimeSpan.FromMinutes(1));
        Must(await members.Door.ClaimAffinityAsync(new() { Host = "a", Cidr = "10.0.0.0/28" }, Cancellation));
        Must(await members.Door.ClaimAffinityAsync(new() { Host = "never", Cidr = "10.0.0.16/28" }, Cancellation));

        await members.SweepAllAsync();

        members.Journal.Snapshot().Blocks.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Two_members_that_give_idle_blocks_back_at_once_leave_one()
    {
        var grace = TimeSpan.FromMinutes(15);
        await using var members = new SomeMembers(2, grace);
        await members.PrepareAsync("10.0.0.0/24", 28);
        Must(await members.Door.ClaimAffinityAsync(new() { Host = "a", Cidr = "10.0.0.0/25" }, Cancellation));

        await members.SweepAllAsync();
        members.Clock.PutForward(grace);
        Must(await members.Door.AssignIpAsync(new() { Host = "b", Handle = "web", Ip = "10.0.0.17" }, Cancellation));
        Must(await members.Door.ReleaseHandleAsync(new() { Handle = "web" }, Cancellation));
        await members.SweepAllAsync();
        members.Journal.Snapshot().Blocks.Keys.ShouldBe([Cidr.Parse("10.0.0.16/28")], "the block that was used meanwhile is not idle");

        members.Clock.PutForward(grace);
        await members.SweepAllAsync();
        members.Clock.PutForward(grace);
        await members.SweepAllAsync();
        members.Journal.Snapshot().Blocks.Count.ShouldBe(1, "one always stays");
    }

    [Fact]
    public async Task Nothing_due_writes_nothing()
    {
        await using var members = new SomeMembers(2, TimeSpan.FromMinutes(15));
        await members.PrepareAsync("10.0.0.0/24", 28, "a");
        Must(await members.Door.AssignAsync(new() { Host = "a", Handle = "web", Ipv4 = 1, RequestId = "r" }, Cancellation));
        var before = members.Journal.Snapshot();

        await members.SweepAllAsync();

        members.Journal.Snapshot().ShouldBeSameAs(before);
    }
}

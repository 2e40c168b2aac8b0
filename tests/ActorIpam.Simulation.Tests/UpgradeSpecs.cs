using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Faults;
using ActorIpam.Simulation.Journal;
using ActorIpam.Simulation.Kernel;
using ActorIpam.Simulation.Laws;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>What members of several releases see of each other's events, and the law that nobody decides on what he cannot read, on histories written by hand.</summary>
public sealed class UpgradeSpecs
{
    private const string News = """[{"type":"AddressReleased"}]""";

    private static readonly StreamId Block = new("block/10.0.0.0/30");

    private static readonly CommitId Newer = new(Guid.Parse("00000000-0000-0000-0000-000000000003")), Between = new(Guid.Parse("00000000-0000-0000-0000-000000000002")), Older = new(Guid.Parse("00000000-0000-0000-0000-000000000001"));

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void A_release_reads_what_the_next_one_writes_and_not_what_the_one_after_that_does(int reader, bool reads)
    {
        var world = new World(1);
        var (releases, report) = (Several(), new FaultReport());
        var row = new JournalRow(1, Newer, DateTimeOffset.UnixEpoch, "m3", 1, News);

        var seen = releases.Seen(new(Head.None.Next(Newer), false, [row]), reader, report, world.NewLane("m1")).Rows[0].Events;

        (seen == News).ShouldBe(reads);
        report.Hits(Reads.Tail, Fault.NewerEvent).ShouldBe(reads ? 0 : 1);
    }

    [Fact]
    public void Who_decides_behind_an_event_that_his_release_cannot_read_breaks_INV_15()
    {
        Judged(Older, expected: 1).ShouldBe(["INV-15"]);
        Judged(Between, expected: 1).ShouldBeEmpty("the release between knows it");
    }

    [Fact]
    public void Who_asks_behind_it_breaks_INV_15_too()
    {
        var releases = Several();
        releases.Asked(50, new(Older) { At = DateTimeOffset.UnixEpoch, Member = "m1", Fences = [new(Block, Head.None.Next(Newer))] });
        Judged(releases, []).ShouldBe(["INV-15"]);
    }

    [Theory]
    [InlineData(1, 3, 0, true)]
    [InlineData(1, 3, 6, false)]
    [InlineData(2, 3, 0, false)]
    public void Nobody_joins_beside_a_live_member_two_numbers_away(int there, int joining, int secondsAgo, bool breaks)
    {
        var releases = Several();
        var now = DateTimeOffset.UnixEpoch.AddMinutes(1);
        releases.Join(new(10, "m2", joining, [new("m1", 1, "m1", there, now.AddSeconds(-secondsAgo), false), new("m2", 2, "m2", joining, now, false)]));
        Judged(releases, []).Count.ShouldBe(breaks ? 1 : 0);
    }

    [Theory]
    [InlineData(1, 3, true)]
    [InlineData(3, 1, true)]
    [InlineData(2, 3, false)]
    public void Nobody_does_what_a_member_two_numbers_away_asks(int spoken, int understood, bool breaks)
    {
        var releases = Several();
        releases.Served(new(10, "assign", "m1", spoken, "m2", understood));
        Judged(releases, []).Count.ShouldBe(breaks ? 1 : 0);
    }

    private static Releases Several()
    {
        var releases = new Releases(["AddressReleased"]);
        releases.Sent([new(Newer) { At = DateTimeOffset.UnixEpoch, Member = "m3" }], 3);
        releases.Sent([new(Between) { At = DateTimeOffset.UnixEpoch, Member = "m2" }], 2);
        releases.Sent([new(Older) { At = DateTimeOffset.UnixEpoch, Member = "m1" }], 1);
        return releases;
    }

    private static List<string> Judged(CommitId later, long expected)
    {
        var releases = Several();
        return Judged(releases, [new(Block, Head.None.Next(Newer) with { Version = expected }, 1, "[]")], later);
    }

    private static List<string> Judged(Releases releases, Append[] later, CommitId commit = default)
    {
        var past = new Past();
        past.Commit(10, new Unit(Newer) { At = DateTimeOffset.UnixEpoch, Member = "m3", Appends = [new(Block, Head.None, 1, News)] });
        if (later.Length > 0)
        {
            past.Commit(20, new Unit(commit) { At = DateTimeOffset.UnixEpoch, Member = "m", Appends = [.. later] });
        }

        return [.. NobodyGuesses.Judge(past.History with { Releases = releases }).Select(violation => violation.Law)];
    }
}

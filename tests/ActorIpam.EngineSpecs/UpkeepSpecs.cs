using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using Shouldly;

namespace ActorIpam.EngineSpecs;

/// <summary>A member whose streams are kept short: what it forgets nobody misses, and what it cannot read it says (INV-7, protocol.md §6).</summary>
public sealed class UpkeepSpecs : IAsyncLifetime, IStreamReports
{
    private readonly MemoryJournal _journal = new();
    private readonly List<string> _reports = [];

    // Shared: what one member named no other may name again.
    private readonly Counting _chance = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Cidr Block => _journal.Snapshot().Blocks.Keys.Single();

    private StreamId Stream => Streams.Block(Block);

    private IEnumerable<long> Rows => _journal.Snapshot().Rows[Stream].Keys;

    public async ValueTask InitializeAsync()
    {
        await using var member = Start(_journal);
        await member.Door.CreateAsync(new Node(new("node-a"), new()), dryRun: false, Cancellation);
        await member.Door.CreateAsync(new IpPool(new("web"), new() { Cidr = "10.0.0.0/24", BlockSize = 28 }), dryRun: false, Cancellation);
        await AssignAsync(member, 6);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    void IStreamReports.Report(StreamId stream, string what) => _reports.Add(what);

    [Fact]
    public async Task A_long_stream_gets_snapshots_and_is_cut_below_the_older_one()
    {
        await using var member = Start(_journal);
        await member.SweepAsync();
        (member.Sweeps.SnapshotsKept, member.Sweeps.RowsCut).ShouldBe((1, 0), "one snapshot is not enough to cut");
        var first = _journal.Snapshot().HeadOf(Stream).Version;
        await AssignAsync(member, 3);
        await member.SweepAsync();
        await member.SweepAsync();

        (member.Sweeps.SnapshotsKept, member.Sweeps.RowsCut, member.Sweeps.Failures).ShouldBe((2, first - 1, 0));
        Rows.First().ShouldBe(first);
        _reports.ShouldBeEmpty();

        await using var later = Start(_journal);
        await AssignAsync(later, 2);
        (await later.Door.CheckAsync(Cancellation)).Problems.ShouldBeEmpty();
        _journal.Snapshot().Addresses.Count.ShouldBe(11);
    }

    [Fact]
    public async Task A_damaged_snapshot_is_reported_passed_over_and_replaced_and_nothing_is_cut()
    {
        await using (var member = Start(_journal))
        {
            await member.SweepAsync();
            await AssignAsync(member, 3);
        }

        var state = _journal.Snapshot();
        _journal.Restore(state with { Snapshots = state.Snapshots.SetItem(Stream, [.. state.Snapshots[Stream].Select(one => one with { State = "{}" })]) });
        await using var later = Start(_journal);
        await AssignAsync(later, 1);
        _reports.ShouldContain(what => what.Contains("is damaged", StringComparison.Ordinal));

        await later.SweepAsync();
        Rows.First().ShouldBe(1);
        await AssignAsync(later, 3);
        await later.SweepAsync();
        await later.SweepAsync();
        Rows.First().ShouldBeGreaterThan(1);
        (await later.Door.CheckAsync(Cancellation)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_event_of_a_newer_member_stops_its_stream_and_no_other()
    {
        var state = _journal.Snapshot();
        var (version, row) = state.Rows[Stream].Last();
        var newer = row with { Events = row.Events.Replace("AddressAssigned", "AddressLent", StringComparison.Ordinal), Member = "newer" };
        _journal.Restore(state with { Rows = state.Rows.SetItem(Stream, state.Rows[Stream].SetItem(version, newer)) });
        await using var member = Start(_journal);

        var refused = await Should.ThrowAsync<UnavailableException>(() => member.Door.AssignAsync(new() { Host = "node-a", Handle = "late", Ipv4 = 1 }, Cancellation));
        refused.Message.ShouldContain(Stream.Value);
        refused.Message.ShouldContain("'AddressLent' is unknown");
        _reports.ShouldContain(what => what.Contains(Stream.Value, StringComparison.Ordinal) && what.Contains("written by newer", StringComparison.Ordinal));
        (await member.Door.CheckAsync(Cancellation)).Problems.ShouldContain(problem => problem.Subject == Stream.Value);

        await member.Door.CreateAsync(new Node(new("node-b"), new()), dryRun: false, Cancellation);
        (await member.Door.AssignAsync(new() { Host = "node-b", Handle = "other", Ipv4 = 1 }, Cancellation)).IsRefused.ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_newer_member_adds_to_an_event_is_passed_over()
    {
        var state = _journal.Snapshot();
        var rows = state.Rows[Stream].ToDictionary(row => row.Key, row => row.Value with { Events = row.Value.Events.Replace("\"ordinal\":", "\"colour\":{\"deep\":[1]},\"ordinal\":", StringComparison.Ordinal) });
        _journal.Restore(state with { Rows = state.Rows.SetItem(Stream, state.Rows[Stream].SetItems(rows)) });
        await using var member = Start(_journal);

        await AssignAsync(member, 1);
        (await member.Door.CheckAsync(Cancellation)).Problems.ShouldBeEmpty();
    }

    private static async Task AssignAsync(Member member, int times)
    {
        for (var time = 0; time < times; time++)
        {
            (await member.Door.AssignAsync(new() { Host = "node-a", Handle = "pod", Ipv4 = 1 }, Cancellation)).IsRefused.ShouldBeFalse();
        }
    }

    /// <summary>It sweeps when it is told to; what is a day for others is no time here.</summary>
    private Member Start(MemoryJournal journal) => Member.Start(
        new(journal, journal, TimeProvider.System, _chance) { Upkeep = journal, Reports = this },
        new() { Name = "alone", Sweeping = new() { Period = TimeSpan.Zero, SnapshotRows = 3, JournalKept = TimeSpan.FromTicks(1) } });
}

using System.Runtime.CompilerServices;
using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Contracts;

/// <summary>Snapshots and retention change how a stream is read, never what it says (INV-7), and never its head (INV-8).</summary>
public abstract class UpkeepContract(IJournalSource source)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_is_loaded_from_its_newest_snapshot_and_from_an_older_one_when_that_is_passed_over()
    {
        await using var under = await source.OpenAsync();
        var heads = await WriteAsync(under, 6);
        var (older, newest) = (await KeepAsync(under, heads[2]), await KeepAsync(under, heads[4]));

        var whole = await under.Journal.ReadAsync(Block, Head.None, Cancellation);
        foreach (var (below, snapshot, rows) in new[] { (long.MaxValue, newest, 1), (newest.Head.Version, older, 3), (older.Head.Version, null, 6) })
        {
            var tail = await under.Journal.LoadAsync(Block, below, Cancellation);
            (tail.Head, tail.Continues, tail.Snapshot).ShouldBe((heads[5], true, snapshot));
            tail.Rows.ShouldBe(whole.Rows[^rows..]);
        }
    }

    [Fact]
    public async Task A_stream_without_snapshots_is_loaded_whole_and_one_without_rows_has_its_head()
    {
        await using var under = await source.OpenAsync();
        var heads = await WriteAsync(under, 2);
        var policy = Head.None.Next(await under.WinAsync(Unit() with { Raises = [Policy] }));

        (await under.Journal.LoadAsync(Block, long.MaxValue, Cancellation)).Rows.Length.ShouldBe(2);
        (await under.Journal.LoadAsync(Policy, long.MaxValue, Cancellation)).Head.ShouldBe(policy);
        var never = await under.Journal.LoadAsync(Pool, long.MaxValue, Cancellation);
        (never.Head, never.Continues, never.Rows.Length, never.Snapshot).ShouldBe((Head.None, true, 0, null));
        heads.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_snapshot_whose_commit_is_not_the_journals_is_refused()
    {
        await using var under = await source.OpenAsync();
        var heads = await WriteAsync(under, 3);
        Head[] foreign = [heads[1] with { Commit = NewCommit() }, new(4, NewCommit()), heads[2] with { Version = 2 }, Head.None];

        foreach (var head in foreign)
        {
            (await under.Upkeep.KeepAsync(Sealed(head), Cancellation)).ShouldBeFalse(head.ToString());
        }

        (await under.Journal.LoadAsync(Block, long.MaxValue, Cancellation)).Snapshot.ShouldBeNull();
    }

    /// <remarks>The writer read the stream, others moved it, then the snapshot came: it is late, and good.</remarks>
    [Fact]
    public async Task A_snapshot_that_is_written_while_the_stream_moves_is_kept_at_its_version()
    {
        await using var under = await source.OpenAsync();
        var heads = await WriteAsync(under, 3);
        var seen = Sealed(heads[2]);
        var moved = await under.MoveAsync(Block, heads[2]);

        (await under.Upkeep.KeepAsync(seen, Cancellation)).ShouldBeTrue();

        var tail = await under.Journal.LoadAsync(Block, long.MaxValue, Cancellation);
        (tail.Snapshot, tail.Head).ShouldBe((seen, moved));
        tail.Rows.ShouldHaveSingleItem().Version.ShouldBe(4);
    }

    [Fact]
    public async Task The_newest_two_snapshots_are_kept_and_one_of_the_same_version_is_replaced()
    {
        await using var under = await source.OpenAsync();
        var heads = await WriteAsync(under, 5);
        foreach (var head in heads)
        {
            await KeepAsync(under, head);
        }

        var again = Snapshot.Seal(Block, heads[4], 2, """{"another": true}""");
        (await under.Upkeep.KeepAsync(again, Cancellation)).ShouldBeTrue();

        (await under.Journal.LoadAsync(Block, long.MaxValue, Cancellation)).Snapshot.ShouldBe(again);
        (await under.Journal.LoadAsync(Block, 5, Cancellation)).Snapshot.ShouldBe(Sealed(heads[3]));
        (await under.Journal.LoadAsync(Block, 4, Cancellation)).Snapshot.ShouldBeNull();
    }

    [Fact]
    public async Task Rows_are_cut_below_the_older_of_two_snapshots_and_the_head_stays()
    {
        await using var under = await source.OpenAsync();
        var heads = await WriteAsync(under, 6);
        await KeepAsync(under, heads[3]);
        (await under.Upkeep.CutAsync(Block, heads[3], At(1_000), 100, Cancellation)).ShouldBe(0, "one snapshot is not enough");
        await KeepAsync(under, heads[4]);
        (await under.Upkeep.CutAsync(Block, heads[4], At(1_000), 100, Cancellation)).ShouldBe(0, "the newest covers nothing");
        (await under.Upkeep.CutAsync(Block, heads[3] with { Commit = NewCommit() }, At(1_000), 100, Cancellation)).ShouldBe(0, "that is no snapshot");
        (await under.Upkeep.CutAsync(Block, heads[2], At(1_000), 100, Cancellation)).ShouldBe(0, "that is no snapshot either");

        (await under.Upkeep.CutAsync(Block, heads[3], At(1_000), 100, Cancellation)).ShouldBe(3);

        var kept = await under.Journal.ReadAsync(Block, Head.None, Cancellation);
        (kept.Head, kept.Continues).ShouldBe((heads[5], true));
        kept.Rows.Select(row => row.Version).ShouldBe([4, 5, 6]);
        (await under.HeadAsync(Block)).ShouldBe(heads[5]);
        (await under.Upkeep.CutAsync(Block, heads[3], At(1_000), 100, Cancellation)).ShouldBe(0);
        await under.MoveAsync(Block, heads[5]);
    }

    [Fact]
    public async Task Young_rows_stay_and_all_behind_them_and_a_cut_takes_no_more_than_it_may()
    {
        await using var under = await source.OpenAsync();
        var heads = await WriteAsync(under, 8, at: version => version == 4 ? 500 : version);
        await KeepAsync(under, heads[6]);
        await KeepAsync(under, heads[7]);

        (await under.Upkeep.CutAsync(Block, heads[6], At(3), 100, Cancellation)).ShouldBe(2);
        (await under.Upkeep.CutAsync(Block, heads[6], At(100), 100, Cancellation)).ShouldBe(1, "version 4 is young, so 5 and 6 stay behind it");
        (await under.Upkeep.CutAsync(Block, heads[6], At(1_000), 2, Cancellation)).ShouldBe(2);
        (await under.Upkeep.CutAsync(Block, heads[6], At(1_000), 2, Cancellation)).ShouldBe(1);
        (await under.Journal.ReadAsync(Block, Head.None, Cancellation)).Rows.Select(row => row.Version).ShouldBe([7, 8]);
    }

    [Fact]
    public async Task A_reader_whose_row_was_cut_is_told_to_load_anew_and_one_at_the_anchor_goes_on()
    {
        await using var under = await source.OpenAsync();
        var heads = await WriteAsync(under, 5);
        await KeepAsync(under, heads[2]);
        await KeepAsync(under, heads[4]);
        await under.Upkeep.CutAsync(Block, heads[2], At(1_000), 100, Cancellation);

        (await under.Journal.ReadAsync(Block, heads[1], Cancellation)).Continues.ShouldBeFalse();
        var anchored = await under.Journal.ReadAsync(Block, heads[2], Cancellation);
        (anchored.Continues, anchored.Rows.Length).ShouldBe((true, 2));
    }

    [Fact]
    public async Task A_unit_whose_row_was_cut_is_lost_and_not_written_twice()
    {
        await using var under = await source.OpenAsync();
        var first = Unit(Append(Block, Head.None));
        await under.WinAsync(first);
        var heads = await WriteAsync(under, 3, from: new(1, first.Commit));
        await KeepAsync(under, heads[1]);
        await KeepAsync(under, heads[2]);
        (await under.AppendAsync(first)).ShouldBeOfType<Outcome.AlreadyMine>();

        await under.Upkeep.CutAsync(Block, heads[1], At(1_000), 100, Cancellation);

        (await under.AppendAsync(first)).ShouldBeOfType<Outcome.Lost>();
        (await under.HeadAsync(Block)).ShouldBe(heads[2]);
    }

    [Fact]
    public async Task Lengths_tell_page_by_page_how_much_snapshots_cover()
    {
        await using var under = await source.OpenAsync();
        var heads = await WriteAsync(under, 5);
        await KeepAsync(under, heads[1]);
        await KeepAsync(under, heads[3]);
        await under.Upkeep.CutAsync(Block, heads[1], At(1_000), 100, Cancellation);
        var (other, pool) = (new StreamId("block/10.0.0.16/28"), await under.MoveAsync(Pool, Head.None));
        var alone = await under.MoveAsync(other, Head.None);
        await under.WinAsync(Unit() with { Raises = [Policy] });

        StreamLength[] blocks = [new(Block, heads[4], 4, 2, 2, At(2)), new(other, alone, 0, 0, 1, At(0))];
        (await under.Upkeep.LengthsAsync("block/", null, 10, Cancellation)).ShouldBe(blocks);
        (await under.Upkeep.LengthsAsync("block/", null, 1, Cancellation)).ShouldBe(blocks[..1]);
        (await under.Upkeep.LengthsAsync("block/", Block, 10, Cancellation)).ShouldBe(blocks[1..]);
        (await under.Upkeep.LengthsAsync("", other, 10, Cancellation)).ShouldBe([new(Pool, pool, 0, 0, 1, At(0))]);
    }

    /// <remarks>Whatever a reader meets – a snapshot just written, rows just cut – a snapshot and the rows behind it go on without a gap to the head.</remarks>
    [Fact]
    public async Task Who_loads_while_others_append_snapshot_and_cut_sees_no_gap()
    {
        await using var under = await source.OpenAsync();
        using var done = new CancellationTokenSource();
        var cut = new StrongBox<int>();
        var keeping = Task.Run(() => KeepShortAsync(under, cut, done.Token), Cancellation);
        var loading = Enumerable.Range(0, 2).Select(_ => Task.Run(() => LoadAsync(under, done.Token), Cancellation)).ToList();

        var heads = await WriteAsync(under, 100);
        while (Volatile.Read(ref cut.Value) == 0 && heads.Count < 5_000)
        {
            // The others get their turn on a machine that is busy.
            await Task.Delay(1, Cancellation);
            heads.AddRange(await WriteAsync(under, 1, from: heads[^1]));
        }

        await done.CancelAsync();
        await keeping;
        cut.Value.ShouldBeGreaterThan(0);
        await Task.WhenAll(loading);
        (await under.HeadAsync(Block)).ShouldBe(heads[^1]);
    }

    private static async Task KeepShortAsync(IJournalUnderTest under, StrongBox<int> cut, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            var head = await under.HeadAsync(Block);
            if (head.Version > 0)
            {
                await under.Upkeep.KeepAsync(Sealed(head), CancellationToken.None);
            }

            var newest = (await under.Journal.LoadAsync(Block, long.MaxValue, CancellationToken.None)).Snapshot;
            var older = newest is null ? null : (await under.Journal.LoadAsync(Block, newest.Head.Version, CancellationToken.None)).Snapshot;
            cut.Value += older is null ? 0 : await under.Upkeep.CutAsync(Block, older.Head, At(1_000_000), 100, CancellationToken.None);
        }
    }

    private static async Task LoadAsync(IJournalUnderTest under, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            var tail = await under.Journal.LoadAsync(Block, long.MaxValue, CancellationToken.None);
            var from = tail.Snapshot?.Head.Version ?? 0;
            tail.Rows.Select(row => row.Version).ShouldBe(Enumerable.Range(1, tail.Rows.Length).Select(row => from + row));
            (from + tail.Rows.Length).ShouldBe(tail.Head.Version);
            (tail.Snapshot?.IsIntact ?? true).ShouldBeTrue();
        }
    }

    private static Snapshot Sealed(Head head) => Snapshot.Seal(Block, head, 1, $$"""{"version": {{head.Version}}, "note": "größe  ✓"}""");

    private static async Task<Snapshot> KeepAsync(IJournalUnderTest under, Head head)
    {
        var snapshot = Sealed(head);
        (await under.Upkeep.KeepAsync(snapshot, Cancellation)).ShouldBeTrue();
        return snapshot;
    }

    /// <summary>Appends so many rows, each recorded as many seconds after the beginning as its version says, and gives all heads.</summary>
    private static async Task<List<Head>> WriteAsync(IJournalUnderTest under, int rows, Func<long, double>? at = null, Head from = default)
    {
        var heads = new List<Head>();
        for (var head = from; heads.Count < rows;)
        {
            var unit = Unit(Append(Block, head));
            head = head.Next(await under.WinAsync(unit with { At = At(at?.Invoke(head.Version + 1) ?? head.Version + 1) }));
            heads.Add(head);
        }

        return heads;
    }
}

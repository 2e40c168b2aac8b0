using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Runtime.Actors;

namespace ActorIpam.Engine.Sweeping;

/// <summary>Puts snapshots beside long streams of blocks, and cuts their old rows where an operator allows it (protocol.md §2, §5).</summary>
/// <remarks>
/// Only blocks: the catalog and pools are never cut. A snapshot is made from what is stored, never from what a member remembers. Before a row goes,
/// the newest snapshot is made once more from the older one and its tail (INV-7); what does not fit is reported and replaced, and nothing is cut.
/// </remarks>
internal sealed class JournalSweep(MemberPorts ports, IJournalUpkeep upkeep, SweepingOptions options) : ISweep
{
    private static readonly BlockSnapshotCodec Codec = BlockSnapshotCodec.Instance;

    private StreamId? _last;

    public async Task<SweepCounts> SweepAsync(SweepCounts counts, CancellationToken stop)
    {
        if (options.SnapshotRows <= 0)
        {
            return counts;
        }

        // The walk over all streams goes on in the next run where this one ended, and begins again at the end.
        for (var page = 0; page < options.PagesPerRun; page++)
        {
            var lengths = await upkeep.LengthsAsync(Streams.Blocks, _last, options.RowsPerPage, stop);
            foreach (var length in lengths)
            {
                stop.ThrowIfCancellationRequested();
                counts = await KeepShortAsync(length, counts, stop);
                _last = length.Stream;
            }

            if (lengths.Length < options.RowsPerPage)
            {
                _last = null;
                break;
            }
        }

        return counts;
    }

    private async Task<SweepCounts> KeepShortAsync(StreamLength length, SweepCounts counts, CancellationToken stop)
    {
        try
        {
            // A snapshot ahead of the head is one of a history that is gone.
            var covered = length.Newest > length.Head.Version ? 0 : length.Newest;
            if (length.Head.Version - covered >= options.SnapshotRows)
            {
                counts = counts with { SnapshotsKept = counts.SnapshotsKept + await KeepAsync(length.Stream, stop) };
            }

            return MayBeCut(length) ? await CutAsync(length, counts, stop) : counts;
        }
        catch (Exception broken) when (broken is InvariantViolationException or UnreadableEventException)
        {
            // One stream that cannot be folded must not keep the others long.
            ports.Reports?.Report(length.Stream, $"No snapshot can be made of it: {broken.Message}");
            return counts with { Failures = counts.Failures + 1 };
        }
    }

    private async Task<int> KeepAsync(StreamId stream, CancellationToken stop)
    {
        var entry = EntryOf(stream);
        await entry.RefreshAsync(ports.Journal, stop);
        var (state, head) = entry.Recall();
#if PLANTED_BUGS
        if (Planted.Is("snapshot-off-by-one"))
        {
            var tail = await ports.Journal.ReadAsync(stream, Head.None, stop);
            state = tail.Rows is [{ Version: 1 }, ..] ? Folded(Beginning(stream), tail.Rows[..^1]) : state;
        }

#endif
        var kept = await upkeep.KeepAsync(Snapshot.Seal(stream, head, Codec.Schema, Codec.Write(state)), stop);
        await ports.Faults.PassAsync(FaultPoint.SweepActed);
        return kept ? 1 : 0;
    }

    private bool MayBeCut(StreamLength length) =>
        options.JournalKept > TimeSpan.Zero && length.Older > 0 && length.First < length.Older && length.FirstAt < ports.Time.GetUtcNow() - options.JournalKept;

    private async Task<SweepCounts> CutAsync(StreamLength length, SweepCounts counts, CancellationToken stop)
    {
        if (await ProvenAsync(length.Stream, stop) is not { } older)
        {
            return counts with { SnapshotsKept = counts.SnapshotsKept + await KeepAsync(length.Stream, stop) };
        }

        var cut = await upkeep.CutAsync(length.Stream, older, ports.Time.GetUtcNow() - options.JournalKept, options.RowsPerPage, stop);
        await ports.Faults.PassAsync(FaultPoint.SweepActed);
        return counts with { RowsCut = counts.RowsCut + cut };
    }

    /// <summary>The head of the older of two snapshots that are both good and agree with the rows between and before them; null when they do not.</summary>
    private async Task<Head?> ProvenAsync(StreamId stream, CancellationToken stop)
    {
        var rows = (await ports.Journal.ReadAsync(stream, Head.None, stop)).Rows;
        if ((await ports.Journal.LoadAsync(stream, long.MaxValue, stop)).Snapshot is not { } newest
            || (await ports.Journal.LoadAsync(stream, newest.Head.Version, stop)).Snapshot is not { } older)
        {
            return null;
        }

        try
        {
            var state = SnapshotReading.StateOf(older, Beginning(stream), Codec);
            SnapshotReading.StateOf(newest, Beginning(stream), Codec);
            Prove(older, rows is [{ Version: 1 }, ..] ? Folded(Beginning(stream), [.. rows.Where(row => row.Version <= older.Head.Version)]) : state);
            Prove(newest, Folded(state, [.. rows.Where(row => row.Version > older.Head.Version && row.Version <= newest.Head.Version)]));
            return older.Head;
        }
        catch (UnreadableEventException bad)
        {
            ports.Reports?.Report(stream, bad.Message);
            return null;
        }
    }

    private static void Prove(Snapshot snapshot, Block folded)
    {
        if (snapshot.Schema == Codec.Schema && Codec.Write(folded) != snapshot.State)
        {
            throw new UnreadableEventException($"The snapshot of {snapshot.Stream} at version {snapshot.Head.Version} is not what its events say. It is replaced, and nothing of the stream is cut.");
        }
    }

    private static Block Folded(Block from, IReadOnlyList<JournalRow> rows) =>
        rows.SelectMany(static row => BlockEventCodec.Instance.Read(row.Events, row.Schema)).Aggregate(from, static (block, fact) => block.Apply(fact));

    private Entry<Block, BlockEvent> EntryOf(StreamId stream) => new(stream, Beginning(stream), BlockEventCodec.Instance, Codec, ports.Reports);

    private static Block Beginning(StreamId stream) => Block.At(Cidr.Parse(stream.Value[Streams.Blocks.Length..]));
}

using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Requests;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.Actors;

namespace ActorIpam.Engine.Checking;

/// <summary>Folds a block's stream from its first row, or from the oldest good snapshot when that was cut, and holds each snapshot against it on the way (INV-7: snapshot + tail = full replay).</summary>
internal sealed class BlockReplay(MemberPorts ports, Findings findings, Cidr range)
{
    private readonly StreamId _stream = Streams.Block(range);
    private readonly Block _beginning = Block.At(range);

    /// <returns>The state and the head; null when the stream is broken, which is noted.</returns>
    public async Task<ReplayedBlock?> RunAsync(CancellationToken cancellation)
    {
        try
        {
            // Without a snapshot, this one read is the whole stream.
            var tail = await ports.Journal.LoadAsync(_stream, long.MaxValue, cancellation);
            if (tail.Snapshot is null)
            {
                return Folded(new(_beginning, Head.None), tail, []);
            }

            var snapshots = await SnapshotsAsync(tail.Snapshot, cancellation);
            var whole = await ports.Journal.ReadAsync(_stream, Head.None, cancellation);
            return Folded(Start(whole, snapshots), whole, snapshots);
        }
        catch (Exception broken) when (broken is InvariantViolationException or UnreadableEventException)
        {
            findings.Add(CheckKind.StreamBroken, _stream.Value, broken.Message);
            return null;
        }
    }

    /// <summary>All snapshots of the stream that are good, by version; the others are noted.</summary>
    private async Task<SortedDictionary<long, Snapshot>> SnapshotsAsync(Snapshot newest, CancellationToken cancellation)
    {
        var good = new SortedDictionary<long, Snapshot>();
        for (var snapshot = newest; snapshot is not null; snapshot = (await ports.Journal.LoadAsync(_stream, snapshot.Head.Version, cancellation)).Snapshot)
        {
            try
            {
                SnapshotReading.StateOf(snapshot, _beginning, BlockSnapshotCodec.Instance);
                good[snapshot.Head.Version] = snapshot;
            }
            catch (UnreadableEventException bad)
            {
                findings.Add(CheckKind.SnapshotBad, range.ToString(), bad.Message);
            }
        }

        return good;
    }

    /// <summary>The beginning, when all rows are kept; else the oldest good snapshot that the rows kept go on from.</summary>
    private (Block State, Head Head) Start(StreamTail whole, SortedDictionary<long, Snapshot> snapshots)
    {
        var first = whole.Rows.IsEmpty ? whole.Head.Version + 1 : whole.Rows[0].Version;
        return first == 1 ? (_beginning, Head.None)
            : snapshots.Values.FirstOrDefault(snapshot => snapshot.Head.Version >= first - 1) is { } start ? (StateOf(start), start.Head)
            : throw new UnreadableEventException(
                $"{_stream} is kept from version {first} on, and no good snapshot goes on from there: what its block holds is not known any more.");
    }

    private ReplayedBlock Folded((Block State, Head Head) start, StreamTail tail, SortedDictionary<long, Snapshot> snapshots)
    {
        var (state, version) = (start.State, start.Head.Version);
        var grants = new Dictionary<(int Ordinal, long Generation), RecordedGrant>();
        var knownFrom = start.State.LastEventAt;
        foreach (var row in tail.Rows)
        {
            var facts = BlockEventCodec.Instance.Read(row.Events, row.Schema);
            var now = state.LastEventAt > row.At && row.Version > start.Head.Version ? state.LastEventAt : row.At;
            foreach (var assigned in facts.OfType<BlockEvent.AddressAssigned>())
            {
                grants[(assigned.Ordinal, assigned.Generation)] = new(now, assigned.AttributesDigest);
            }

            if (row.Version <= start.Head.Version)
            {
                knownFrom = row.At > start.State.LastEventAt ? row.At : start.State.LastEventAt;
                continue;
            }

            Invariant.Holds(row.Version == version + 1, "INV-8", $"{_stream} has version {row.Version} behind {version}.");
            (state, version) = (facts.Aggregate(state, static (block, fact) => block.Apply(fact)), row.Version);
            Compare(state, snapshots.GetValueOrDefault(version));
        }

        Invariant.Holds(version == tail.Head.Version, "INV-8", $"{_stream} ends at {version} but its head says {tail.Head.Version}.");
        return new(state, tail.Head, grants, knownFrom);
    }

    private void Compare(Block folded, Snapshot? snapshot)
    {
        if (snapshot is not null && BlockSnapshotCodec.Instance.Write(folded) != BlockSnapshotCodec.Instance.Write(StateOf(snapshot)))
        {
            findings.Add(CheckKind.SnapshotBad, range.ToString(), $"The snapshot at version {snapshot.Head.Version} is not what the events up to there say.");
        }
    }

    private Block StateOf(Snapshot snapshot) => SnapshotReading.StateOf(snapshot, _beginning, BlockSnapshotCodec.Instance);
}

/// <summary>A block as its stream tells it.</summary>
/// <param name="State">The fold.</param>
/// <param name="Head">Behind the last row.</param>
/// <param name="Grants">What each assignment recorded, as far as rows are kept: a snapshot tells neither the time of an assignment nor its digest.</param>
/// <param name="KnownFrom">The time of the snapshot it was folded from: what that holds was assigned by then.</param>
internal sealed record ReplayedBlock(Block State, Head Head, IReadOnlyDictionary<(int Ordinal, long Generation), RecordedGrant> Grants, DateTimeOffset KnownFrom);

/// <param name="Since">When it was assigned.</param>
/// <param name="Digest">The digest of its attributes; null when it had none.</param>
internal readonly record struct RecordedGrant(DateTimeOffset Since, string? Digest);

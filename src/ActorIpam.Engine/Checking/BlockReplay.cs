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
    private readonly Dictionary<long, Snapshot> _bad = [];
    private readonly List<Snapshot> _right = [];

    /// <returns>The state and the head; null when the stream is broken, which is noted.</returns>
    public async Task<ReplayedBlock?> RunAsync(CancellationToken cancellation)
    {
        try
        {
            // Without a snapshot, this one read is the whole stream.
            var tail = await ports.Journal.LoadAsync(_stream, long.MaxValue, cancellation);
            Invariant.Holds(
                tail.Head != Head.None || (tail.Snapshot is null && tail.Rows.IsEmpty), "INV-8", $"{_stream} has rows and no head: members take its block for one that nobody ever had.");
            if (tail.Snapshot is null)
            {
                return Folded(tail, []);
            }

            var snapshots = await SnapshotsAsync(tail.Snapshot, cancellation);
            return Folded(await ports.Journal.ReadAsync(_stream, Head.None, cancellation), snapshots);
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
                Note(snapshot, bad.Message);
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
                $"{_stream} is kept from version {first} on up to {whole.Head.Version}, and no good snapshot goes on from there: what its block holds is not known any more.");
    }

    private ReplayedBlock Folded(StreamTail tail, SortedDictionary<long, Snapshot> snapshots)
    {
        var start = Start(tail, snapshots);
        var story = new BlockStory(range, start.State, start.Head.Version);
        var (state, version) = (start.State, tail.Rows.IsEmpty ? 0 : tail.Rows[0].Version - 1);
        foreach (var row in tail.Rows)
        {
            var facts = BlockEventCodec.Instance.Read(row.Events, row.Schema);
            Invariant.Holds(row.Version == version + 1, "INV-8", $"{_stream} has version {row.Version} behind {version}.");
            version = row.Version;
            if (version <= start.Head.Version)
            {
                story.Before(row, facts);
                continue;
            }

            state = story.Then(row, facts);
            Compare(state, snapshots.GetValueOrDefault(version), new(version, row.Commit));
        }

        Invariant.Holds(version == tail.Head.Version, "INV-8", $"{_stream} ends at {version} but its head says {tail.Head.Version}.");
        Invariant.Holds(
            tail.Rows.IsEmpty || tail.Rows[^1].Commit == tail.Head.Commit, "INV-8",
            $"{_stream} ends with commit {(tail.Rows.IsEmpty ? default : tail.Rows[^1].Commit)} but its head names {tail.Head.Commit}.");
        if (_bad.Count > _right.Count && tail.Head.Version > Math.Max(_bad.Keys.Max(), snapshots.Keys.LastOrDefault()))
        {
            // Nobody knows the state at the bad one any more; one of now takes the place of the older of the two.
            _right.Add(Sealed(state, tail.Head));
        }

        return new(state, tail.Head, story) { RightSnapshots = _right };
    }

    private void Compare(Block folded, Snapshot? snapshot, Head head)
    {
        if (snapshot is not null && BlockSnapshotCodec.Instance.Write(folded) != BlockSnapshotCodec.Instance.Write(StateOf(snapshot)))
        {
            Note(snapshot, $"The snapshot at version {snapshot.Head.Version} is not what the events up to there say.");
        }

        if (_bad.ContainsKey(head.Version))
        {
            _right.Add(Sealed(folded, head));
        }
    }

    private Snapshot Sealed(Block state, Head head) => Snapshot.Seal(_stream, head, BlockSnapshotCodec.Instance.Schema, BlockSnapshotCodec.Instance.Write(state));

    private void Note(Snapshot snapshot, string what)
    {
        _bad[snapshot.Head.Version] = snapshot;
        findings.Add(CheckKind.SnapshotBad, range.ToString(), what, _stream);
    }

    private Block StateOf(Snapshot snapshot) => SnapshotReading.StateOf(snapshot, _beginning, BlockSnapshotCodec.Instance);
}

/// <summary>A block as its stream tells it.</summary>
/// <param name="State">The fold.</param>
/// <param name="Head">Behind the last row.</param>
/// <param name="Story">What happened, as far as rows are kept.</param>
internal sealed record ReplayedBlock(Block State, Head Head, BlockStory Story)
{
    /// <summary>What must stand in place of snapshots that cannot be used, or say what the rows do not.</summary>
    public IReadOnlyList<Snapshot> RightSnapshots { get; init; } = [];
}

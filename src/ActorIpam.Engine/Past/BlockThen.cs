using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.Actors;

namespace ActorIpam.Engine.Past;

/// <summary>One block as it was at an instant: the newest snapshot that is not later, and the rows behind it up to then (INV-7).</summary>
/// <remarks>
/// The time of a snapshot is that of its last row, which is never cut. Its row says when it was decided; a turn's now is never before the last event of its
/// block, whatever the clock of its member says.
/// </remarks>
internal sealed class BlockThen(MemberPorts ports, Cidr range, DateTimeOffset at)
{
    /// <summary>How often it is begun anew when rows are cut while they are read.</summary>
    private const int MostLooks = 5;

    private readonly StreamId _stream = Streams.Block(range);

    /// <exception cref="PastGoneException">The rows up to the instant are kept no longer.</exception>
    /// <exception cref="UnreadableEventException">The first rows are kept no longer, and no snapshot is good.</exception>
    public async Task<(Block State, long Version)> FoldAsync(CancellationToken cancellation)
    {
        DateTimeOffset? oldest = null;
        var (below, looks) = (long.MaxValue, 0);
        while (true)
        {
            var tail = await ports.Journal.LoadAsync(_stream, below, cancellation);
            if (tail.Snapshot is not { } snapshot)
            {
                return Begins(tail) ? Fold(Block.At(range), 0, tail)
                    : throw (oldest is { } known
                        ? new PastGoneException(known, $"block {range}")
                        : new UnreadableEventException($"{_stream} cannot be read: its oldest rows are cut, and none of its snapshots is good."));
            }

            if (StateOf(snapshot) is { } state)
            {
                if (await TimeAsync(snapshot, state, cancellation) is not { } time)
                {
                    (below, oldest) = ++looks < MostLooks ? (long.MaxValue, null) : (snapshot.Head.Version, oldest);
                    continue;
                }

                if (time <= at)
                {
                    return Fold(state, snapshot.Head.Version, tail);
                }

                oldest = time;
            }

            below = snapshot.Head.Version;
        }
    }

    private static bool Begins(StreamTail tail) => tail.Head == Head.None || tail.Rows is [{ Version: 1 }, ..];

    /// <summary>Null when the row of the snapshot is not there any more: newer ones have taken its place since it was read.</summary>
    private async Task<DateTimeOffset?> TimeAsync(Snapshot snapshot, Block state, CancellationToken cancellation)
    {
        var anchor = ports.Streams is { } browser
            ? await browser.RowAsync(_stream, snapshot.Head.Version, cancellation)
            : (await ports.Journal.ReadAsync(_stream, Head.None, cancellation)).Rows.FirstOrDefault(row => row.Version == snapshot.Head.Version);
        return anchor is null ? null : anchor.At > state.LastEventAt ? anchor.At : state.LastEventAt;
    }

    /// <summary>A bad one is passed over here; who loads the stream, and the check, report it.</summary>
    private Block? StateOf(Snapshot snapshot)
    {
        try
        {
            return SnapshotReading.StateOf(snapshot, Block.At(range), BlockSnapshotCodec.Instance);
        }
        catch (UnreadableEventException)
        {
            return null;
        }
    }

    private (Block State, long Version) Fold(Block state, long version, StreamTail tail)
    {
        foreach (var row in tail.Rows)
        {
            var next = BlockEventCodec.Instance.Read(row.Events, row.Schema).Aggregate(state, static (block, fact) => block.Apply(fact));
            if ((next.LastEventAt > row.At ? next.LastEventAt : row.At) > at)
            {
                break;
            }

            (state, version) = (next, row.Version);
        }

        return (state, version);
    }
}

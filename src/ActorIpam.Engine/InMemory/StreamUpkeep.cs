using System.Collections.Immutable;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.InMemory;

/// <summary>Snapshots and retention on a state: the executable specification of <see cref="IJournalUpkeep"/>.</summary>
internal static class StreamUpkeep
{
    /// <summary>A stream from its newest snapshot below a version that stands in this history; from its first row without one.</summary>
    public static StreamTail Loaded(this JournalState state, StreamId stream, long below)
    {
        var snapshot = state.SnapshotsOf(stream).LastOrDefault(one => one.Head.Version < below && state.IsAnchored(one));
        return new(state.HeadOf(stream), Continues: true, [.. state.RowsOf(stream).Values.Where(row => row.Version > (snapshot?.Head.Version ?? 0))]) { Snapshot = snapshot };
    }

    public static ImmutableArray<StreamLength> Lengths(this JournalState state, string prefix, StreamId? after, int limit) =>
    [
        .. (from stream in state.Rows.Keys
           where stream.Value.StartsWith(prefix, StringComparison.Ordinal) && (after is null || stream > after.Value)
           let first = state.RowsOf(stream).Values.FirstOrDefault()
           where first is not null
           let snapshots = state.SnapshotsOf(stream)
           select new StreamLength(
               stream, state.HeadOf(stream), VersionOf(snapshots, fromEnd: 1), VersionOf(snapshots, fromEnd: 2), first.Version, first.At)).Take(limit),
    ];

    public static (JournalState State, bool Kept) Keeping(this JournalState state, Snapshot snapshot)
    {
        if (!state.IsAnchored(snapshot))
        {
            return (state, false);
        }

        var others = state.SnapshotsOf(snapshot.Stream).Where(one => one.Head.Version != snapshot.Head.Version && state.IsAnchored(one));
        ImmutableArray<Snapshot> kept = [.. others.Append(snapshot).OrderBy(static one => one.Head.Version).TakeLast(2)];
        return (state with { Snapshots = state.Snapshots.SetItem(snapshot.Stream, kept) }, true);
    }

    public static (JournalState State, int Cut) Cutting(this JournalState state, StreamId stream, Head covered, DateTimeOffset before, int most)
    {
        var snapshots = state.SnapshotsOf(stream).Where(state.IsAnchored).ToList();
        if (!snapshots.Exists(one => one.Head == covered) || !snapshots.Exists(one => one.Head.Version > covered.Version))
        {
            return (state, 0);
        }

        var rows = state.RowsOf(stream);
        var old = rows.Values.TakeWhile(row => row.Version < covered.Version && row.At < before).Take(most).Select(static row => row.Version).ToList();
        var cut = state with { Rows = state.Rows.SetItem(stream, rows.RemoveRange(old)) };
#if PLANTED_BUGS
        cut = Planted.Is("retention-removes-heads") && old.Count > 0 ? cut with { Heads = cut.Heads.Remove(stream) } : cut;
#endif
        return (cut, old.Count);
    }

    private static ImmutableArray<Snapshot> SnapshotsOf(this JournalState state, StreamId stream) => state.Snapshots.GetValueOrDefault(stream, []);

    private static ImmutableSortedDictionary<long, JournalRow> RowsOf(this JournalState state, StreamId stream) =>
        state.Rows.GetValueOrDefault(stream, ImmutableSortedDictionary<long, JournalRow>.Empty);

    /// <summary>Its head is a part of this history: the row at its version carries the same commit id.</summary>
    private static bool IsAnchored(this JournalState state, Snapshot snapshot) =>
        state.RowOf(snapshot.Stream, snapshot.Head.Version)?.Commit == snapshot.Head.Commit;

    private static long VersionOf(ImmutableArray<Snapshot> snapshots, int fromEnd) => snapshots.Length >= fromEnd ? snapshots[^fromEnd].Head.Version : 0;
}

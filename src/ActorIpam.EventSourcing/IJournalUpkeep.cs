using System.Collections.Immutable;

namespace ActorIpam.EventSourcing;

/// <summary>How long streams are kept short: snapshots are put beside them, and old rows that these cover are cut (protocol.md §2, retention).</summary>
/// <remarks>
/// <para>Nothing here is on the way of an append, and nothing changes what happened:</para>
/// <list type="number">
/// <item>Heads are never deleted and never go down, whatever is cut (INV-8).</item>
/// <item>A snapshot is kept only while the journal row at its version carries the commit id of its head: a state of a history that the journal
/// has left is refused. The row of a snapshot's own version is its anchor and is never cut.</item>
/// <item>The newest two snapshots of a stream are kept, and rows are cut below the older one only: one bad snapshot never costs a stream.</item>
/// <item>Who reads while rows are cut sees the rows of one instant, with a snapshot that covers what is not there.</item>
/// </list>
/// <para>Which streams may be cut, and how old rows must be, is the caller's business. Calls may run concurrently, also of several members.</para>
/// </remarks>
public interface IJournalUpkeep
{
    /// <summary>Streams with journal rows in the order of their names, and how much of each snapshots cover.</summary>
    /// <param name="prefix">How their names begin.</param>
    /// <param name="after">Where the page before ended; null for the first.</param>
    /// <param name="limit">The length of a page, 1 or more.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="JournalUnavailableException">The journal did not answer.</exception>
    ValueTask<ImmutableArray<StreamLength>> LengthsAsync(string prefix, StreamId? after, int limit, CancellationToken cancellation);

    /// <summary>Keeps a snapshot in place of one of the same version, if its head is a part of the history; drops the stream's older ones but one.</summary>
    /// <returns>False if the journal row at its version is not there or carries another commit id; then nothing changed.</returns>
    /// <exception cref="JournalUnavailableException">The journal did not answer; whether it was kept is not known, and keeping it again is safe.</exception>
    ValueTask<bool> KeepAsync(Snapshot snapshot, CancellationToken cancellation);

    /// <summary>Cuts the oldest rows of a stream: those below a snapshot and recorded before a moment, up to the first one that was not.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="covered">The head of a snapshot; nothing is cut unless it is kept, and a newer one beside it.</param>
    /// <param name="before">Rows recorded at or behind this moment stay, and all behind them.</param>
    /// <param name="most">So many rows are cut at once, 1 or more: appends wait behind it where there is one writer.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="JournalUnavailableException">The journal did not answer; what is left is cut another time.</exception>
    ValueTask<int> CutAsync(StreamId stream, Head covered, DateTimeOffset before, int most, CancellationToken cancellation);
}

/// <summary>How long a stream is and how much of it snapshots cover.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Head">Where it stands.</param>
/// <param name="Newest">The version of its newest snapshot; 0 for none.</param>
/// <param name="Older">The version of the snapshot before that; 0 for none.</param>
/// <param name="First">The version of its first row; 0 when it has none.</param>
/// <param name="FirstAt">When that row was recorded.</param>
public sealed record StreamLength(StreamId Stream, Head Head, long Newest, long Older, long First, DateTimeOffset FirstAt);

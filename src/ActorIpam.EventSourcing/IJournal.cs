using System.Collections.Immutable;

namespace ActorIpam.EventSourcing;

/// <summary>The arbiter: units go in, and what it says happened is what happened.</summary>
/// <remarks>
/// <para>The contract every implementation keeps, and which the journal contract suite plays on each of them:</para>
/// <list type="number">
/// <item>A unit is all or nothing. A batch is no transaction in the eyes of its sender: each unit has its own outcome.</item>
/// <item>Units of a batch are judged in their order. A head that differs from the one a unit expects is <see cref="Outcome.Lost"/> –
/// unless the journal row at expected version + 1 of its first append carries the unit's own commit id: <see cref="Outcome.AlreadyMine"/>.
/// A head moved by an earlier winner of the same batch counts as moved. A unit without appends is always judged afresh.</item>
/// <item>Then guards are judged: handles first, then requests. One refused guard refuses the unit whole. Of twins in one batch the first counts.</item>
/// <item>A winner raises the head of each append and raise by one, to (version + 1, its commit id), writes one journal row an append,
/// its guards and its view changes. If a view change does not fit what is stored (an address already held, a generation that is not there)
/// the unit is <see cref="Outcome.Failed"/> with <see cref="JournalFault.BrokenInvariant"/>; others of the batch are judged without it.</item>
/// <item>Heads are never deleted and never go down. Versions of a stream with events have no gap.</item>
/// <item>Rows that are old and covered by snapshots may be gone (<see cref="IJournalUpkeep"/>); the head and the rows behind the older snapshot never are.</item>
/// <item>When an outcome other than <see cref="Outcome.Unknown"/> is returned it is final and durable.</item>
/// </list>
/// <para>Calls may run concurrently. Arrays are never changed after they were handed over.</para>
/// </remarks>
public interface IJournal
{
    /// <summary>Judges and writes a batch. Never throws for what can go wrong in storage: that is an outcome.</summary>
    /// <remarks>There is no cancellation: a commit that was abandoned half way is worse than one that is late.</remarks>
    /// <returns>One outcome a unit, in the order of the batch.</returns>
    ValueTask<ImmutableArray<Outcome>> AppendAsync(ImmutableArray<Unit> batch);

    /// <summary>Reads a stream after a version, with the head as of the same instant.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="after">Where the reader stands; <see cref="Head.None"/> for all of it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>
    /// The head and the rows kept with version &gt; <paramref name="after"/>. <see cref="StreamTail.Continues"/> is false when the reader's own head is not
    /// part of this history (the journal went back), or is so old that its row was cut: it must then forget everything and load the stream anew.
    /// </returns>
    /// <exception cref="JournalUnavailableException">The journal did not answer.</exception>
    ValueTask<StreamTail> ReadAsync(StreamId stream, Head after, CancellationToken cancellation);

    /// <summary>Reads a stream from its newest snapshot, with the head as of the same instant.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="below">Snapshots of this version and newer ones are passed over: <see cref="long.MaxValue"/> at first, the version of a bad one then.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The newest such snapshot that stands in this history and the rows behind it; without one, all rows kept.</returns>
    /// <exception cref="JournalUnavailableException">The journal did not answer.</exception>
    ValueTask<StreamTail> LoadAsync(StreamId stream, long below, CancellationToken cancellation);

    /// <summary>Reads heads as of one instant, in the order asked; <see cref="Head.None"/> for a stream nobody has written.</summary>
    /// <exception cref="JournalUnavailableException">The journal did not answer.</exception>
    ValueTask<ImmutableArray<Head>> HeadsAsync(ImmutableArray<StreamId> streams, CancellationToken cancellation);
}

/// <summary>A part of a stream, from a reader's version to its head.</summary>
public sealed record StreamTail(Head Head, bool Continues, ImmutableArray<JournalRow> Rows)
{
    /// <summary>Where the rows begin, when a stream was loaded and has one.</summary>
    public Snapshot? Snapshot { get; init; }
}

/// <summary>What one unit recorded in one stream.</summary>
public sealed record JournalRow(long Version, CommitId Commit, DateTimeOffset At, string Member, int Schema, string Events);

/// <summary>The journal did not answer a read. Nothing was changed; asking again is safe.</summary>
public sealed class JournalUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

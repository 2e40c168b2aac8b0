using System.Collections.Immutable;

namespace ActorIpam.EventSourcing;

/// <summary>Finds streams and single rows of the journal: what checks and explanations look at, and no decision ever does.</summary>
/// <remarks>Both calls throw <see cref="JournalUnavailableException"/> when the store does not answer.</remarks>
public interface IStreamIndex
{
    /// <summary>The heads of streams whose name begins with a prefix, in ordinal order: those of events, and those without.</summary>
    /// <param name="prefix">At least one character, ASCII; <c>block/</c> finds all blocks that ever were.</param>
    /// <param name="after">Only streams behind this one; null for the first page.</param>
    /// <param name="limit">At most so many, at least 1.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<ImmutableArray<StreamHead>> StreamsAsync(string prefix, StreamId? after, int limit, CancellationToken cancellation);

    /// <summary>One row; null when nobody wrote it, or when it is no longer kept.</summary>
    ValueTask<JournalRow?> RowAsync(StreamId stream, long version, CancellationToken cancellation);
}

/// <summary>A stream and where it stands.</summary>
public readonly record struct StreamHead(StreamId Stream, Head Head);

using System.Collections.Immutable;

namespace ActorIpam.EventSourcing;

/// <summary>The journal as operators, checks and explanations read it: which streams there are, and what was recorded in them.</summary>
/// <remarks>
/// Apart from <see cref="IJournal"/>, because no actor decides from it. Each call reads one instant, no older than the last commit that was answered
/// before the call. All methods throw <see cref="JournalUnavailableException"/> when the store does not answer.
/// </remarks>
public interface IStreamBrowser
{
    /// <summary>The heads of streams whose name begins with a prefix, in ordinal order: those of events, and those without.</summary>
    /// <param name="prefix">ASCII; <c>block/</c> finds all blocks that ever were, an empty one all streams.</param>
    /// <param name="after">Only streams behind this one; null for the first page.</param>
    /// <param name="limit">At most so many, at least 1.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<ImmutableArray<StreamHead>> StreamsAsync(string prefix, StreamId? after, int limit, CancellationToken cancellation);

    /// <summary>What was recorded behind each of these places: the streams in the order of their names, each by ascending version.</summary>
    /// <param name="places">Each stream at most once.</param>
    /// <param name="limit">At most so many rows in all, at least 1.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<ImmutableArray<StreamRow>> RowsBehindAsync(ImmutableArray<StreamPlace> places, int limit, CancellationToken cancellation);

    /// <summary>One row; null when nobody wrote it, or when it is no longer kept.</summary>
    ValueTask<JournalRow?> RowAsync(StreamId stream, long version, CancellationToken cancellation);
}

/// <summary>A stream and where it stands.</summary>
public readonly record struct StreamHead(StreamId Stream, Head Head);

/// <summary>A version of a stream; 0 is before its first row.</summary>
public readonly record struct StreamPlace(StreamId Stream, long Version);

/// <summary>A row and the stream it stands in.</summary>
public sealed record StreamRow(StreamId Stream, JournalRow Row);

using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.EventSourcing;

namespace ActorIpam.Domain.Views;

/// <summary>What sweepers ask: which work is due (protocol.md §5, sweepers). Answered by an index, never by reading a whole table; each call reads one instant.</summary>
/// <remarks>
/// What is found is a hint and no proof: the unit that acts on it decides again under its own fences. Every list is at most <c>limit</c> rows, at least 1,
/// and goes on behind the last row of the page before. All methods throw <see cref="JournalUnavailableException"/> when the store does not answer.
/// </remarks>
public interface IDueViews
{
    /// <summary>Blocks whose oldest cooling address was released at or before the time: the oldest release first, then in address order.</summary>
    ValueTask<ImmutableArray<BlockRow>> CoolingThroughAsync(DateTimeOffset through, int limit, CancellationToken cancellation);

    /// <summary>Blocks in which nothing is held and nothing cools, and whose owner has another one of the family, in address order.</summary>
    /// <remarks>An owner's only block stays his spare. Were it listed, the spares of many hosts would fill every list, and what can go back would come behind them.</remarks>
    ValueTask<ImmutableArray<BlockRow>> EmptyBlocksAsync(Cidr? after, int limit, CancellationToken cancellation);

    /// <summary>Requests that were granted before the time, the oldest first, then by id.</summary>
    ValueTask<ImmutableArray<OldRequest>> OldRequestsAsync(DateTimeOffset before, OldRequest? after, int limit, CancellationToken cancellation);

    /// <summary>Handles that were finally released, in the ordinal order of their names.</summary>
    ValueTask<ImmutableArray<ClosedHandle>> ClosedHandlesAsync(string? after, int limit, CancellationToken cancellation);
}

/// <param name="Id">The request.</param>
/// <param name="At">When it was granted.</param>
/// <param name="Grant">What was granted.</param>
/// <param name="IsHeld">An address of its grant is still held under the generation of the grant: a repeat must still find it.</param>
public sealed record OldRequest(string Id, DateTimeOffset At, ImmutableArray<Grant> Grant, bool IsHeld);

/// <param name="Handle">The handle.</param>
/// <param name="Through">The time through which it is closed, by the caller's clock.</param>
/// <param name="At">When the last final release of it was recorded.</param>
/// <param name="IsHeld">It holds an address.</param>
/// <param name="IsUnfinished">It holds an address that the final release is about: issued at or before <paramref name="Through"/>, or at no stated time.</param>
public sealed record ClosedHandle(string Handle, DateTimeOffset Through, DateTimeOffset At, bool IsHeld, bool IsUnfinished);

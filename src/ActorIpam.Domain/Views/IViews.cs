using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.EventSourcing;

namespace ActorIpam.Domain.Views;

/// <summary>The queries over what units wrote. Each call reads one instant, no older than the last commit that was answered before the call.</summary>
/// <remarks>All methods throw <see cref="JournalUnavailableException"/> when the store does not answer. Lists are in address order unless said otherwise.</remarks>
public interface IViews
{
    ValueTask<AddressRow?> AddressAsync(IpAddress ip, CancellationToken cancellation);

    /// <summary>Those of the given addresses that are held.</summary>
    ValueTask<ImmutableArray<AddressRow>> AddressesAsync(ImmutableArray<IpAddress> ips, CancellationToken cancellation);

    ValueTask<ImmutableArray<AddressRow>> AddressesOfHandleAsync(string handle, CancellationToken cancellation);

    /// <summary>One page of held addresses; the parts of the filter are joined by and.</summary>
    ValueTask<Page<AddressRow>> FindAddressesAsync(AddressFilter filter, CancellationToken cancellation);

    /// <summary>Every past holder of the address, oldest first.</summary>
    ValueTask<ImmutableArray<AddressHistoryRow>> HistoryAsync(IpAddress ip, CancellationToken cancellation);

    ValueTask<BlockRow?> BlockAsync(Cidr block, CancellationToken cancellation);

    /// <summary>The existing block that holds the address. Blocks never overlap.</summary>
    ValueTask<BlockRow?> BlockContainingAsync(IpAddress ip, CancellationToken cancellation);

    ValueTask<ImmutableArray<BlockRow>> BlocksOfAsync(Owner owner, CancellationToken cancellation);

    /// <summary>One snapshot of the blocks of an owner and of a head: what may be decided about the set under that head.</summary>
    ValueTask<OwnedSight> OwnedAsync(Owner owner, StreamId head, CancellationToken cancellation);

    /// <summary>The existing blocks that overlap the range (that it contains, or that contain it).</summary>
    /// <param name="range">The range, or null for all blocks.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="after">Only blocks behind this one.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<ImmutableArray<BlockRow>> BlocksInAsync(Cidr? range, int limit, Cidr? after, CancellationToken cancellation);

    /// <summary>One snapshot of who has room: what claiming, reclaiming, borrowing and the proof of exhaustion look at.</summary>
    ValueTask<RoomSight> RoomAsync(RoomQuestion question, CancellationToken cancellation);

    /// <summary>The sums over blocks of each range, in the order asked: for counts that must not read every row in the engine.</summary>
    ValueTask<ImmutableArray<BlockTotals>> TotalsAsync(ImmutableArray<Cidr> ranges, CancellationToken cancellation);

    ValueTask<RequestRow?> RequestAsync(string id, CancellationToken cancellation);

    /// <summary>The time through which the handle was finally released, if it was.</summary>
    ValueTask<DateTimeOffset?> HandleClosedThroughAsync(string handle, CancellationToken cancellation);

    /// <summary>Resources of a kind, by name.</summary>
    ValueTask<ImmutableArray<ResourceRow>> ResourcesAsync(string kind, CancellationToken cancellation);
}

/// <summary>Which held addresses to list. Null parts do not filter.</summary>
public sealed record AddressFilter
{
    public string? Handle { get; init; }

    public Owner? Holder { get; init; }

    /// <summary>Addresses inside this range.</summary>
    public Cidr? Range { get; init; }

    /// <summary>Only those whose holder is not the owner of the block (true), or is (false).</summary>
    public bool? Borrowed { get; init; }

    /// <summary>1 to 10,000.</summary>
    public int Limit { get; init; } = 500;

    /// <summary>Only addresses behind this one.</summary>
    public IpAddress? After { get; init; }
}

/// <summary>A part of a list; <paramref name="More"/> when there is more behind the last item.</summary>
public sealed record Page<T>(ImmutableArray<T> Items, bool More);

/// <summary>Asks for blocks with room, from a start and around, in several ranges, with heads of the same instant.</summary>
/// <param name="Walks">The ranges, each with the address its walk starts from (wrapping at the end of the range).</param>
/// <param name="Most">At most so many rows a walk, at least 1.</param>
/// <param name="Heads">Streams whose heads are wanted.</param>
public sealed record RoomQuestion(ImmutableArray<RoomWalk> Walks, int Most, ImmutableArray<StreamId> Heads);

public readonly record struct RoomWalk(Cidr Range, IpAddress Start);

/// <summary>What <see cref="IViews.RoomAsync"/> saw in one snapshot.</summary>
/// <param name="Walks">
/// A list a walk, in walk order: blocks inside the range with <c>Free + Cooling &gt; 0</c> or without an owner.
/// </param>
/// <param name="Heads">The heads asked for, in their order.</param>
public sealed record RoomSight(ImmutableArray<RoomSeen> Walks, ImmutableArray<Head> Heads);

/// <param name="Blocks">The blocks, in walk order.</param>
/// <param name="More">True when there are more than were wanted.</param>
public sealed record RoomSeen(ImmutableArray<BlockRow> Blocks, bool More);

/// <summary>What <see cref="IViews.OwnedAsync"/> saw in one snapshot.</summary>
/// <param name="Head">The head asked for.</param>
/// <param name="Blocks">The owner's blocks, in the order of their ranges.</param>
public sealed record OwnedSight(Head Head, ImmutableArray<BlockRow> Blocks);

/// <summary>Sums over blocks.</summary>
public sealed record BlockTotals(long Blocks, long Free, long Assigned, long Cooling, long HostReserved, long Borrowed, long Unowned);

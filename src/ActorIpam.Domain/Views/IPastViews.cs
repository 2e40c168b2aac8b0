using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.EventSourcing;

namespace ActorIpam.Domain.Views;

/// <summary>The queries over what was (protocol.md §2: as-of = address ∪ history). Each call reads one instant of the store and finds its rows by an index.</summary>
/// <remarks>
/// Something was so at an instant when it began at or before it and ended after it. Answers are right for every instant at or behind
/// <see cref="HorizonAsync"/>; who asks looks at the horizon after the answer, because it may move meanwhile.
/// All methods throw <see cref="JournalUnavailableException"/> when the store does not answer.
/// </remarks>
public interface IPastViews
{
    /// <summary>The oldest instant that can still be answered; null when nothing was ever forgotten.</summary>
    ValueTask<DateTimeOffset?> HorizonAsync(CancellationToken cancellation);

    /// <summary>Who held the address then.</summary>
    ValueTask<AddressRow?> AddressAtAsync(IpAddress ip, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>One page of what was held then, in address order; borrowed is what lay in a block that had another owner then.</summary>
    ValueTask<Page<AddressRow>> FindAddressesAtAsync(AddressFilter filter, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>The blocks of then that overlap the range, in address order, with whose they were.</summary>
    /// <param name="range">The range; null for all.</param>
    /// <param name="owner">Only those of this owner; null for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="after">Only blocks behind this one.</param>
    /// <param name="at">The instant.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<ImmutableArray<BlockHistoryRow>> BlocksAtAsync(Cidr? range, Owner? owner, int limit, Cidr? after, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>All resources of then, by kind and name.</summary>
    ValueTask<ResourcesThen> ResourcesAtAsync(DateTimeOffset at, CancellationToken cancellation);

    /// <summary>One page of holders, past and present, in the order in which they ended; those that still hold come last, in address order.</summary>
    ValueTask<Page<HoldingRow>> HoldingsAsync(HoldingFilter filter, CancellationToken cancellation);

    /// <summary>Every past holder of each address of a range: as much as one block ever had. By address, the one that ended first first.</summary>
    ValueTask<ImmutableArray<AddressHistoryRow>> HistoryInAsync(Cidr range, CancellationToken cancellation);

    /// <summary>One page of what became of a block, oldest first.</summary>
    /// <param name="block">Exactly this block.</param>
    /// <param name="after">Only what began behind this version.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<Page<BlockHistoryRow>> BlockHistoryAsync(Cidr block, long after, int limit, CancellationToken cancellation);

    /// <summary>One page of what a resource was, oldest first.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="skip">So many of the oldest are left out.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<Page<ResourceHistoryRow>> ResourceHistoryAsync(string kind, string name, int skip, int limit, CancellationToken cancellation);

    /// <summary>Rows of the handle, held and past, that still show attributes and began at or before the time; at most <paramref name="limit"/>.</summary>
    ValueTask<ImmutableArray<Grant>> UnredactedAsync(string handle, DateTimeOffset through, int limit, CancellationToken cancellation);

    /// <summary>Whether any history ended before the time.</summary>
    ValueTask<bool> HasHistoryBeforeAsync(DateTimeOffset before, CancellationToken cancellation);
}

/// <summary>Which holders to list. Null parts do not filter; the first that is given, in the order of the properties, is found by its index.</summary>
public sealed record HoldingFilter
{
    public IpAddress? Ip { get; init; }

    public string? Handle { get; init; }

    public Owner? Holder { get; init; }

    /// <summary>The uid of a pool: what was released when its block lay in it, and what is held in a block that lies in it now.</summary>
    public string? Pool { get; init; }

    /// <summary>Only what was held at or behind this instant: what ended later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only what was held before this instant: what began earlier.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>In the opposite order.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>1 to 10,000.</summary>
    public int Limit { get; init; } = 500;

    /// <summary>Only what comes behind this one, in the order asked for.</summary>
    public HoldingPlace? After { get; init; }
}

/// <summary>The place of a holder in the order of the ends: when, which address, which generation; without an end among those that still hold.</summary>
public readonly record struct HoldingPlace(DateTimeOffset? ReleasedAt, IpAddress Ip, long Generation)
{
    public static HoldingPlace Of(HoldingRow holding) => new(holding.ReleasedAt, holding.Held.Ip, holding.Held.Generation);
}

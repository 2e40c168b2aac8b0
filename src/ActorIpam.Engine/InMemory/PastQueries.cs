using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.InMemory;

/// <summary>The answers about the past, computed from a state in the plainest way.</summary>
internal static class PastQueries
{
    /// <summary>What was held then, in address order.</summary>
    public static IEnumerable<AddressRow> HeldAt(this JournalState state, DateTimeOffset at) =>
        state.Addresses.Values.Where(row => row.Since <= at)
            .Concat(state.History.Values.SelectMany(static past => past).Where(row => row.Held.Since <= at && row.ReleasedAt > at).Select(static row => row.Held))
            .OrderBy(static row => row.Ip);

    public static Page<AddressRow> FindAt(this JournalState state, AddressFilter filter, DateTimeOffset at) => state.HeldAt(at)
        .Where(row => filter.Handle is null || row.Handle == filter.Handle)
        .Where(row => filter.Holder is null || row.Holder == filter.Holder)
        .Where(row => filter.Range is not { } range || range.Contains(row.Ip))
        .Where(row => filter.Borrowed is null || (state.BlockAt(row.Block, at)?.Owner != row.Holder) == filter.Borrowed)
        .Where(row => filter.After is not { } after || row.Ip > after)
        .ToPage(filter.Limit);

    public static ImmutableArray<BlockHistoryRow> BlocksAt(this JournalState state, Cidr? range, Owner? owner, int limit, Cidr? after, DateTimeOffset at) =>
    [
        .. state.BlockHistory.Keys
            .Where(block => range is null || block.Overlaps(range.Value))
            .Where(block => after is null || block > after.Value)
            .Select(block => state.BlockAt(block, at)).OfType<BlockHistoryRow>()
            .Where(row => owner is null || row.Owner == owner)
            .Take(limit),
    ];

    public static ResourcesThen ResourcesAt(this JournalState state, DateTimeOffset at) => new(
        state.Rows.TryGetValue(Streams.Catalog, out var rows) ? rows.Values.Where(row => row.At <= at).Select(static row => row.Version).DefaultIfEmpty().Max() : 0,
        [.. state.ResourceHistory.Values.SelectMany(static told => told).Where(row => row.From <= at && !(row.To <= at)).Select(static row => row.Row)]);

    public static Page<HoldingRow> Holdings(this JournalState state, HoldingFilter filter)
    {
        var ended = state.History.Values.SelectMany(static past => past)
            .Select(static row => new HoldingRow(row.Held, row.Pool, row.ReleasedAt, row.Why))
            .Where(row => filter.Pool is null || row.Pool == filter.Pool);
        var lasting = state.Addresses.Values
            .Where(row => filter.Pool is null || state.Blocks.GetValueOrDefault(row.Block)?.Pool == filter.Pool)
            .Select(static row => new HoldingRow(row, null, null, null));
        var all = ended.Concat(lasting)
            .Where(row => filter.Ip is null || row.Held.Ip == filter.Ip)
            .Where(row => filter.Handle is null || row.Held.Handle == filter.Handle)
            .Where(row => filter.Holder is null || row.Held.Holder == filter.Holder)
            .Where(row => filter.From is null || !(row.ReleasedAt <= filter.From))
            .Where(row => filter.To is null || row.Held.Since < filter.To)
            .Where(row => filter.After is not { } after || (filter.NewestFirst ? Compare(HoldingPlace.Of(row), after) < 0 : Compare(HoldingPlace.Of(row), after) > 0))
            .Order(Comparer<HoldingRow>.Create(static (one, other) => Compare(HoldingPlace.Of(one), HoldingPlace.Of(other))));
        return (filter.NewestFirst ? all.Reverse() : all).ToPage(filter.Limit);
    }

    public static ImmutableArray<Grant> Unredacted(this JournalState state, string handle, DateTimeOffset through, int limit) =>
    [
        .. state.Addresses.Values.Concat(state.History.Values.SelectMany(static past => past).Select(static row => row.Held))
            .Where(row => row.Handle == handle && row.Since <= through && !row.Attributes.IsEmpty)
            .OrderBy(static row => row.Ip).ThenBy(static row => row.Generation)
            .Select(static row => new Grant(row.Ip, row.Generation)).Take(limit),
    ];

    public static bool HasHistoryBefore(this JournalState state, DateTimeOffset before) =>
        state.History.Values.Any(past => past.Any(row => row.ReleasedAt < before))
        || state.BlockHistory.Values.Any(told => told.Any(row => row.To < before))
        || state.ResourceHistory.Values.Any(told => told.Any(row => row.To < before));

    /// <summary>At most so many, and whether there are more.</summary>
    public static Page<T> ToPage<T>(this IEnumerable<T> rows, int limit)
    {
        var page = rows.Take(limit + 1).ToImmutableArray();
        return page.Length > limit ? new(page[..limit], More: true) : new(page, More: false);
    }

    private static BlockHistoryRow? BlockAt(this JournalState state, Cidr block, DateTimeOffset at) =>
        state.BlockHistory.GetValueOrDefault(block, []).FirstOrDefault(row => row.From <= at && !(row.To <= at));

    private static int Compare(HoldingPlace one, HoldingPlace other)
    {
        var byEnd = (one.ReleasedAt ?? DateTimeOffset.MaxValue).CompareTo(other.ReleasedAt ?? DateTimeOffset.MaxValue);
        var byIp = byEnd != 0 ? byEnd : one.Ip.CompareTo(other.Ip);
        return byIp != 0 ? byIp : one.Generation.CompareTo(other.Generation);
    }
}

using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.InMemory;

/// <summary>The answers of the query port, computed from a state in the plainest way.</summary>
internal static class ViewQueries
{
    public static Page<AddressRow> Find(this JournalState state, AddressFilter filter)
    {
        var found = state.Addresses.Values
            .Where(row => filter.Handle is null || row.Handle == filter.Handle)
            .Where(row => filter.Holder is null || row.Holder == filter.Holder)
            .Where(row => filter.Range is not { } range || range.Contains(row.Ip))
            .Where(row => filter.Borrowed is null || state.IsBorrowed(row) == filter.Borrowed)
            .Where(row => filter.After is not { } after || row.Ip > after)
            .Take(filter.Limit + 1)
            .ToImmutableArray();
        return found.Length > filter.Limit ? new(found[..filter.Limit], More: true) : new(found, More: false);
    }

    public static BlockRow? BlockContaining(this JournalState state, IpAddress ip) =>
        state.Blocks.Values.LastOrDefault(row => row.Block.Contains(ip));

    public static ImmutableArray<BlockRow> BlocksOf(this JournalState state, Owner owner) => [.. state.Blocks.Values.Where(row => row.Owner == owner)];

    public static ImmutableArray<BlockRow> BlocksIn(this JournalState state, Cidr? range, int limit, Cidr? after) =>
    [
        .. state.Blocks.Values
            .Where(row => range is null || row.Block.Overlaps(range.Value))
            .Where(row => after is null || row.Block > after.Value)
            .Take(limit),
    ];

    public static RoomSight Room(this JournalState state, RoomQuestion question) =>
        new([.. question.Walks.Select(walk => state.Walk(walk, question.Most))], [.. question.Heads.Select(state.HeadOf)]);

    public static BlockTotals TotalsOf(this JournalState state, Cidr range) =>
        state.Blocks.Values.Where(row => range.Contains(row.Block)).Aggregate(new BlockTotals(0, 0, 0, 0, 0, 0, 0), (sum, row) => new(
            sum.Blocks + 1,
            sum.Free + row.Free,
            sum.Assigned + row.Assigned,
            sum.Cooling + row.Cooling,
            sum.HostReserved + row.HostReserved,
            sum.Borrowed + row.Borrowed,
            sum.Unowned + (row.Owner is null ? 1 : 0)));

    /// <summary>The tail behind a reader; none, and not a continuation, when the reader's head is no part of this history.</summary>
    public static StreamTail Tail(this JournalState state, StreamId stream, Head after)
    {
        var head = state.HeadOf(stream);
        if (!state.Remembers(stream, head, after))
        {
            return new(head, Continues: false, []);
        }

        var rows = state.Rows.GetValueOrDefault(stream, ImmutableSortedDictionary<long, JournalRow>.Empty);
        return new(head, Continues: true, [.. rows.Values.Where(row => row.Version > after.Version)]);
    }

    private static bool Remembers(this JournalState state, StreamId stream, Head head, Head after) =>
        after == Head.None || after == head || state.RowOf(stream, after.Version)?.Commit == after.Commit;

    /// <remarks>An address whose block has no owner, or no row, is borrowed by whoever holds it.</remarks>
    private static bool IsBorrowed(this JournalState state, AddressRow row) =>
        state.Blocks.GetValueOrDefault(row.Block)?.Owner != row.Holder;

    private static RoomSeen Walk(this JournalState state, RoomWalk walk, int most)
    {
        var room = state.Blocks.Values
            .Where(row => walk.Range.Contains(row.Block))
            .Where(row => row.Free + row.Cooling > 0 || row.Owner is null)
            .ToImmutableArray();
        var inOrder = room.Where(row => row.Block.First >= walk.Start).Concat(room.Where(row => row.Block.First < walk.Start));
        return new([.. inOrder.Take(most)], More: room.Length > most);
    }
}

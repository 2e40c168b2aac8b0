using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Storage.Sqlite;

/// <summary>Queries over blocks. Blocks never overlap, and their keys sort by first address: a range is a stretch of keys.</summary>
internal static class SqliteBlockQueries
{
    private const string Select = "SELECT " + SqliteRows.BlockColumns + " FROM block ";

    public static BlockRow? Block(SqliteConnection connection, Cidr block) =>
        connection.Prepare(Select + "WHERE cidr = ?").With(block.Key()).First(SqliteRows.Block);

    /// <summary>The block with the greatest first address up to this one, if it reaches this far.</summary>
    public static BlockRow? Containing(SqliteConnection connection, IpAddress ip) =>
        connection.Prepare(Select + "WHERE cidr <= ? ORDER BY cidr DESC LIMIT 1").With(ip.KeyBehind()).First(SqliteRows.Block) is { } row && row.Block.Contains(ip)
            ? row
            : null;

    public static ImmutableArray<BlockRow> Of(SqliteConnection connection, string owner)
    {
        var rows = ImmutableArray.CreateBuilder<BlockRow>();
        connection.Prepare(Select + "WHERE owner = ? ORDER BY cidr").With(owner).Into(rows, SqliteRows.Block);
        return rows.ToImmutable();
    }

    public static ImmutableArray<BlockRow> In(SqliteConnection connection, Cidr? range, int limit, Cidr? after)
    {
        var rows = ImmutableArray.CreateBuilder<BlockRow>();
        var behind = after?.Key() ?? [];
        if (range is not { } within)
        {
            connection.Prepare(Select + "WHERE cidr > ? ORDER BY cidr LIMIT ?").With(behind).With(limit).Into(rows, SqliteRows.Block);
            return rows.ToImmutable();
        }

        if (limit > 0 && Around(connection, within) is { } around && !(around.Block <= after))
        {
            rows.Add(around);
        }

        connection.Prepare(Select + "WHERE cidr >= ? AND cidr <= ? AND cidr > ? ORDER BY cidr LIMIT ?")
            .With(within.Key()).With(within.Last.KeyBehind()).With(behind).With(limit - rows.Count).Into(rows, SqliteRows.Block);
        return rows.ToImmutable();
    }

    public static RoomSight Room(SqliteConnection connection, RoomQuestion question) => new(
        [.. question.Walks.Select(walk => Walk(connection, walk, question.Most))],
        [.. question.Heads.Select(stream => SqliteRows.HeadOf(connection, stream))]);

    public static BlockTotals Totals(SqliteConnection connection, Cidr range) =>
        connection.Prepare(
            """
            SELECT count(*), ifnull(sum(free), 0), ifnull(sum(assigned), 0), ifnull(sum(cooling), 0), ifnull(sum(host_reserved), 0),
                   ifnull(sum(borrowed), 0), ifnull(sum(owner IS NULL), 0)
            FROM block WHERE cidr >= ? AND cidr <= ?
            """).With(range.Key()).With(range.Last.KeyBehind()).First(SqliteRows.Totals)!;

    /// <summary>The block that is larger than the range and holds it.</summary>
    private static BlockRow? Around(SqliteConnection connection, Cidr range) =>
        connection.Prepare(Select + "WHERE cidr < ? ORDER BY cidr DESC LIMIT 1").With(range.Key()).First(SqliteRows.Block) is { } row && row.Block.Contains(range)
            ? row
            : null;

    private static RoomSeen Walk(SqliteConnection connection, RoomWalk walk, int most)
    {
        var (first, last) = (walk.Range.Key(), walk.Range.Last.KeyBehind());
        var rows = new List<BlockRow>();
        if (walk.Start <= walk.Range.First)
        {
            RoomBetween(connection, first, last, most + 1, rows);
        }
        else
        {
            var start = walk.Start.KeyBefore();
            RoomBetween(connection, start, last, most + 1, rows);
            RoomBetween(connection, first, start, most + 1 - rows.Count, rows);
        }

        return new([.. rows.Take(most)], More: rows.Count > most);
    }

    // The condition is the one of the index, word by word: only then may SQLite use it, and it says so loudly when it cannot.
    private static void RoomBetween(SqliteConnection connection, byte[] from, byte[] to, int limit, List<BlockRow> rows) =>
        connection.Prepare(
            "SELECT " + SqliteRows.BlockColumns + """
             FROM block INDEXED BY block_room
            WHERE cidr >= ? AND cidr <= ? AND (free + cooling > 0 OR owner IS NULL) ORDER BY cidr LIMIT ?
            """).With(from).With(to).With(limit).Into(rows, SqliteRows.Block);
}

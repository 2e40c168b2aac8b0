using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;

namespace ActorIpam.Storage.Sqlite;

/// <summary>Queries over what was at one instant. Intervals of one address never overlap: the first that ended later is the only one that can hold it.</summary>
internal static class SqlitePastQueries
{
    private const string Blocks = "SELECT cidr, version, pool, owner, from_at, to_at, why, ended FROM block_history ";

    public static DateTimeOffset? Horizon(SqliteConnection connection) =>
        connection.Prepare("SELECT at FROM history_horizon").First(static row => (DateTimeOffset?)SqliteKeys.ToTime(row.Number(0)));

    public static AddressRow? AddressAt(SqliteConnection connection, IpAddress ip, DateTimeOffset at) =>
        connection.Prepare($"SELECT {SqliteRows.AddressColumns} FROM address AS a WHERE a.ip = ? AND a.since <= ?").With(ip.Key()).With(at.UtcTicks).First(SqliteRows.Address)
        ?? connection.Prepare(
            $"""
            SELECT {SqliteRows.AddressColumns} FROM address_history AS a INDEXED BY address_history_ip
             WHERE a.ip = ? AND a.released_at > ? AND a.since <= ? ORDER BY a.released_at LIMIT 1
            """).With(ip.Key()).With(at.UtcTicks).With(at.UtcTicks).First(SqliteRows.Address);

    public static Page<AddressRow> FindAt(SqliteConnection connection, AddressFilter filter, DateTimeOffset at)
    {
        var rows = new List<AddressRow>();
        var ticks = at.UtcTicks;
        Bind(connection.Prepare($"SELECT {SqliteRows.AddressColumns} FROM address AS a WHERE a.since <= ? {Conditions(filter)} ORDER BY a.ip LIMIT ?").With(ticks), filter, ticks)
            .Into(rows, SqliteRows.Address);
        Bind(connection.Prepare(PastText(filter)).With(ticks).With(ticks), filter, ticks).Into(rows, SqliteRows.Address);
        return rows.OrderBy(static row => row.Ip).ToPage(filter.Limit);
    }

    public static ImmutableArray<BlockHistoryRow> BlocksAt(
        SqliteConnection connection, Cidr? range, Owner? owner, int limit, Cidr? after, DateTimeOffset at)
    {
        var rows = ImmutableArray.CreateBuilder<BlockHistoryRow>();
        if (range is { } inner && limit > 0 && Around(connection, inner, owner, at) is { } around && !(around.Block <= after))
        {
            rows.Add(around);
        }

        connection.Prepare(
            $"""
            {Blocks} WHERE cidr >= ? AND cidr <= ? AND cidr > ? AND from_at <= ? AND (to_at IS NULL OR to_at > ?)
            {(owner is null ? "" : "AND owner = ?")} ORDER BY cidr LIMIT ?
            """).With(range?.Key() ?? []).With(range?.Last.KeyBehind() ?? [byte.MaxValue]).With(after?.Key() ?? []).With(at.UtcTicks).With(at.UtcTicks)
            .WithSome(owner?.ToString()).With(limit - rows.Count).Into(rows, Block);
        return rows.ToImmutable();
    }

    public static ResourcesThen ResourcesAt(SqliteConnection connection, DateTimeOffset at)
    {
        var rows = ImmutableArray.CreateBuilder<ResourceRow>();
        connection.Prepare(
            """
            SELECT kind, name, uid, resource_version, body FROM resource_history
             WHERE from_at <= ? AND (to_at IS NULL OR to_at > ?) ORDER BY kind, name
            """).With(at.UtcTicks).With(at.UtcTicks).Into(rows, SqliteRows.Resource);
        var version = connection.Prepare("SELECT version FROM journal WHERE stream = 'catalog' AND at <= ? ORDER BY version DESC LIMIT 1").With(at.UtcTicks)
            .First(static row => row.Number(0));
        return new(version, rows.ToImmutable());
    }

    public static Page<BlockHistoryRow> BlockHistory(SqliteConnection connection, Cidr block, long after, int limit)
    {
        var rows = new List<BlockHistoryRow>();
        connection.Prepare(Blocks + "WHERE cidr = ? AND version > ? ORDER BY version LIMIT ?").With(block.Key()).With(after).With(limit + 1L).Into(rows, Block);
        return rows.ToPage(limit);
    }

    public static Page<ResourceHistoryRow> ResourceHistory(SqliteConnection connection, string kind, string name, int skip, int limit)
    {
        var rows = new List<ResourceHistoryRow>();
        connection.Prepare(
            """
            SELECT kind, name, uid, resource_version, body, from_at, to_at FROM resource_history
             WHERE kind = ? AND name = ? ORDER BY place LIMIT ? OFFSET ?
            """).With(kind).With(name).With(limit + 1L).With(skip)
            .Into(rows, static row => new(SqliteRows.Resource(row), SqliteKeys.ToTime(row.Number(5)), SqliteKeys.ToTime(row.NumberOrNull(6))));
        return rows.ToPage(limit);
    }

    /// <summary>At most so many, and whether there are more.</summary>
    public static Page<T> ToPage<T>(this IEnumerable<T> rows, int limit)
    {
        ImmutableArray<T> page = [.. rows.Take(limit + 1)];
        return page.Length > limit ? new(page[..limit], More: true) : new(page, More: false);
    }

    /// <summary>The block that is larger than the range and holds it: blocks of one instant never overlap.</summary>
    private static BlockHistoryRow? Around(SqliteConnection connection, Cidr range, Owner? owner, DateTimeOffset at)
    {
        for (var length = range.Length - 1; length >= 0; length--)
        {
            var found = connection.Prepare(Blocks + "WHERE cidr = ? AND from_at <= ? AND (to_at IS NULL OR to_at > ?)")
                .With(Cidr.Containing(range.First, length).Key()).With(at.UtcTicks).With(at.UtcTicks).First(Block);
            if (found is not null)
            {
                return owner is null || found.Owner == owner ? found : null;
            }
        }

        return null;
    }

    /// <summary>By the handle or the holder when one is given; else from address to address, one look at each, however often it changed hands.</summary>
    internal static string PastText(AddressFilter filter) => filter is { Handle: null, Holder: null }
        ? $"""
          WITH RECURSIVE walk (ip) AS (
              SELECT min(ip) FROM address_history AS a WHERE 1 {Bounds(filter, 3)}
              UNION ALL
              SELECT (SELECT min(a.ip) FROM address_history AS a WHERE a.ip > walk.ip {Bounds(filter, 3)}) FROM walk WHERE walk.ip IS NOT NULL)
          SELECT {SqliteRows.AddressColumns} FROM walk CROSS JOIN address_history AS a INDEXED BY address_history_ip ON a.ip = walk.ip
           WHERE a.released_at > ?1 AND a.since <= ?2
             AND a.released_at = (SELECT min(f.released_at) FROM address_history AS f WHERE f.ip = walk.ip AND f.released_at > ?1) {Borrowing(filter)} LIMIT ?{Count(filter)}
          """
        : $"""
          SELECT {SqliteRows.AddressColumns} FROM address_history AS a INDEXED BY {(filter.Handle is null ? "address_history_owner" : "address_history_handle")}
           WHERE a.released_at > ? AND a.since <= ? {Conditions(filter)} ORDER BY a.ip LIMIT ?
          """;

    // Parameters are numbered where a text names them twice; both kinds of text take them in one order.
    private static string Conditions(AddressFilter filter) =>
        (filter.Handle is null ? "" : "AND a.handle = ? ") + (filter.Holder is null ? "" : "AND a.owner = ? ")
        + (filter.Range is null ? "" : "AND a.ip BETWEEN ? AND ? ") + (filter.After is null ? "" : "AND a.ip > ? ") + Borrowing(filter);

    private static string Bounds(AddressFilter filter, int next) =>
        (filter.Range is null ? "" : FormattableString.Invariant($"AND a.ip BETWEEN ?{next} AND ?{next + 1} "))
        + (filter.After is null ? "" : FormattableString.Invariant($"AND a.ip > ?{next + (filter.Range is null ? 0 : 2)} "));

    private static int Count(AddressFilter filter) =>
        3 + (filter.Range is null ? 0 : 2) + (filter.After is null ? 0 : 1) + (filter.Borrowed is null ? 0 : 2);

    private static string Borrowing(AddressFilter filter) => filter.Borrowed is not { } borrowed ? "" :
        $"AND (SELECT b.owner FROM block_history AS b WHERE b.cidr = a.block AND b.from_at <= ? AND (b.to_at IS NULL OR b.to_at > ?)) {(borrowed ? "IS NOT" : "IS")} a.owner ";

    private static SqliteStatement Bind(SqliteStatement statement, AddressFilter filter, long at)
    {
        statement.WithSome(filter.Handle).WithSome(filter.Holder?.ToString());
        if (filter.Range is { } range)
        {
            statement.With(range.First.Key()).With(range.Last.Key());
        }

        if (filter.After is { } after)
        {
            statement.With(after.Key());
        }

        if (filter.Borrowed is not null)
        {
            statement.With(at).With(at);
        }

        return statement.With(filter.Limit + 1L);
    }

    private static SqliteStatement WithSome(this SqliteStatement statement, string? value) => value is null ? statement : statement.With(value);

    private static BlockHistoryRow Block(SqliteStatement row) => new(
        SqliteKeys.ToCidr(row.Bytes(0)), row.Number(1), row.Text(2), row.TextOrNull(3) is { } owner ? Owner.Parse(owner) : null,
        SqliteKeys.ToTime(row.Number(4)), SqliteKeys.ToTime(row.NumberOrNull(5)), row.Text(6), row.TextOrNull(7));
}

using System.Collections.Immutable;
using ActorIpam.Domain.Views;

namespace ActorIpam.Storage.Sqlite;

/// <summary>Who held what, over a time: past holders in the order of their ends, then those that hold now.</summary>
internal static class SqliteHoldingQueries
{
    public static Page<HoldingRow> Holdings(SqliteConnection connection, HoldingFilter filter)
    {
        var rows = new List<HoldingRow>();
        void AddPast() => Past(connection, filter).Into(rows, static row =>
        {
            var past = SqliteRows.PastAddress(row);
            return new(past.Held, past.Pool, past.ReleasedAt, past.Why);
        });
        void AddPresent() => Present(connection, filter).Into(rows, static row => new(SqliteRows.Address(row), null, null, null));

        // Behind a holder that lasts come only others that last, or, newest first, all that ended.
        var isAmongLasting = filter.After is { ReleasedAt: null };
        if (filter.NewestFirst)
        {
            if (filter.After is null || isAmongLasting)
            {
                AddPresent();
            }

            AddPast();
        }
        else
        {
            if (!isAmongLasting)
            {
                AddPast();
            }

            AddPresent();
        }

        return rows.ToPage(filter.Limit);
    }

    public static ImmutableArray<Grant> Unredacted(SqliteConnection connection, string handle, DateTimeOffset through, int limit)
    {
        var rows = new List<Grant>();
        foreach (var table in (string[])["address INDEXED BY address_handle", "address_history INDEXED BY address_history_handle"])
        {
            connection.Prepare($"SELECT ip, generation FROM {table} WHERE handle = ? AND since <= ? AND attributes <> '' ORDER BY ip, generation LIMIT ?")
                .With(handle).With(through.UtcTicks).With(limit).Into(rows, static row => new(SqliteKeys.ToIp(row.Bytes(0)), row.Number(1)));
        }

        return [.. rows.OrderBy(static row => row.Ip).ThenBy(static row => row.Generation).Take(limit)];
    }

    public static bool HasBefore(SqliteConnection connection, DateTimeOffset before) =>
        connection.Prepare(
            """
            SELECT 1 WHERE EXISTS (SELECT 1 FROM address_history WHERE released_at < ?1)
                        OR EXISTS (SELECT 1 FROM block_history WHERE to_at < ?1) OR EXISTS (SELECT 1 FROM resource_history WHERE to_at < ?1)
            """).With(before.UtcTicks).Exists();

    /// <summary>The text over past holders, for a test that looks at its plan.</summary>
    internal static string PastText(HoldingFilter filter)
    {
        var (more, order) = filter.NewestFirst ? ("<", "DESC") : (">", "ASC");
        return $"""
            SELECT {SqliteRows.AddressColumns}, a.pool, a.released_at, a.why FROM address_history AS a INDEXED BY {IndexOf(filter)}
             WHERE 1 {(filter.Ip is null ? "" : "AND a.ip = ? ")}{(filter.Handle is null ? "" : "AND a.handle = ? ")}{(filter.Holder is null ? "" : "AND a.owner = ? ")}
             {(filter.Pool is null ? "" : "AND substr(a.pool, 1, 8) = substr(?, 1, 8) AND a.pool = ? ")}
             {(filter.From is null ? "" : "AND a.released_at > ? ")}{(filter.To is null ? "" : "AND a.since < ? ")}
             {(filter.After is { ReleasedAt: not null } ? $"AND a.released_at {more}= ? AND (a.released_at, a.ip, a.generation) {more} (?, ?, ?) " : "")}
             ORDER BY a.released_at {order}, a.ip {order}, a.generation {order} LIMIT ?
            """;
    }

    private static SqliteStatement Past(SqliteConnection connection, HoldingFilter filter)
    {
        var statement = Named(connection.Prepare(PastText(filter)), filter);
        if (filter.Pool is { } pool)
        {
            statement.With(pool).With(pool);
        }

        if (filter.From is { } from)
        {
            statement.With(from.UtcTicks);
        }

        if (filter.To is { } to)
        {
            statement.With(to.UtcTicks);
        }

        if (filter.After is { ReleasedAt: { } released } after)
        {
            statement.With(released.UtcTicks).With(released.UtcTicks).With(after.Ip.Key()).With(after.Generation);
        }

        return statement.With(filter.Limit + 1L);
    }

    private static SqliteStatement Present(SqliteConnection connection, HoldingFilter filter)
    {
        var (more, order) = filter.NewestFirst ? ("<", "DESC") : (">", "ASC");
        var statement = Named(
            connection.Prepare(
                $"""
                SELECT {SqliteRows.AddressColumns} FROM address AS a {(filter.Pool is null ? "" : "CROSS JOIN block AS b ON b.cidr = a.block AND b.pool = ? ")}
                 WHERE 1 {(filter.Ip is null ? "" : "AND a.ip = ? ")}{(filter.Handle is null ? "" : "AND a.handle = ? ")}{(filter.Holder is null ? "" : "AND a.owner = ? ")}
                 {(filter.To is null ? "" : "AND a.since < ? ")}{(filter.After is { ReleasedAt: null } ? $"AND (a.ip, a.generation) {more} (?, ?) " : "")}
                 ORDER BY a.ip {order} LIMIT ?
                """).WithSome(filter.Pool),
            filter);
        if (filter.To is { } to)
        {
            statement.With(to.UtcTicks);
        }

        return (filter.After is { ReleasedAt: null } after ? statement.With(after.Ip.Key()).With(after.Generation) : statement).With(filter.Limit + 1L);
    }

    private static SqliteStatement Named(SqliteStatement statement, HoldingFilter filter) =>
        (filter.Ip is { } ip ? statement.With(ip.Key()) : statement).WithSome(filter.Handle).WithSome(filter.Holder?.ToString());

    private static string IndexOf(HoldingFilter filter) => filter switch
    {
        { Ip: not null } => "address_history_ip",
        { Handle: not null } => "address_history_handle",
        { Holder: not null } => "address_history_owner",
        { Pool: not null } => "address_history_pool",
        _ => "address_history_released",
    };

    private static SqliteStatement WithSome(this SqliteStatement statement, string? value) => value is null ? statement : statement.With(value);
}

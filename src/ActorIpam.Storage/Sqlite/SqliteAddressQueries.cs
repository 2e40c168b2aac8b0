using System.Collections.Immutable;
using System.Text;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;

namespace ActorIpam.Storage.Sqlite;

/// <summary>Queries over held addresses and past holders.</summary>
internal static class SqliteAddressQueries
{
    private const string Select = "SELECT " + SqliteRows.AddressColumns + " FROM address AS a ";

    public static AddressRow? Address(SqliteConnection connection, IpAddress ip) =>
        connection.Prepare(Select + "WHERE a.ip = ?").With(ip.Key()).First(SqliteRows.Address);

    public static ImmutableArray<AddressRow> Addresses(SqliteConnection connection, ImmutableArray<IpAddress> ips) =>
        [.. ips.Distinct().Order().Select(ip => Address(connection, ip)).OfType<AddressRow>()];

    public static ImmutableArray<AddressRow> OfHandle(SqliteConnection connection, string handle)
    {
        var rows = ImmutableArray.CreateBuilder<AddressRow>();
        connection.Prepare(Select + "WHERE a.handle = ? ORDER BY a.ip").With(handle).Into(rows, SqliteRows.Address);
        return rows.ToImmutable();
    }

    public static ImmutableArray<AddressHistoryRow> History(SqliteConnection connection, IpAddress ip)
    {
        var rows = ImmutableArray.CreateBuilder<AddressHistoryRow>();
        connection.Prepare("SELECT " + SqliteRows.AddressColumns + ", a.pool, a.released_at, a.why FROM address_history AS a WHERE a.ip = ? ORDER BY a.released_at, a.place")
            .With(ip.Key()).Into(rows, SqliteRows.PastAddress);
        return rows.ToImmutable();
    }

    public static ImmutableArray<AddressHistoryRow> HistoryIn(SqliteConnection connection, Cidr range)
    {
        var rows = ImmutableArray.CreateBuilder<AddressHistoryRow>();
        connection.Prepare("SELECT " + SqliteRows.AddressColumns + ", a.pool, a.released_at, a.why FROM address_history AS a WHERE a.ip BETWEEN ? AND ? ORDER BY a.ip, a.released_at, a.place")
            .With(range.First.Key()).With(range.Last.Key()).Into(rows, SqliteRows.PastAddress);
        return rows.ToImmutable();
    }

    public static Page<AddressRow> Find(SqliteConnection connection, AddressFilter filter)
    {
        var statement = connection.Prepare(TextOf(filter));
        if (filter.Handle is { } handle)
        {
            statement.With(handle);
        }

        if (filter.Holder is { } holder)
        {
            statement.With(holder.ToString());
        }

        if (filter.Range is { } range)
        {
            statement.With(range.First.Key()).With(range.Last.Key());
        }

        if (filter.After is { } after)
        {
            statement.With(after.Key());
        }

        var rows = new List<AddressRow>();
        statement.With(filter.Limit + 1L).Into(rows, SqliteRows.Address);
        return new([.. rows.Take(filter.Limit)], More: rows.Count > filter.Limit);
    }

    // One of 32 texts: each part of the filter is there or not, so every statement is prepared once and finds its own index.
    private static string TextOf(AddressFilter filter)
    {
        var text = new StringBuilder(Select);
        if (filter.Borrowed is not null)
        {
            text.Append("LEFT JOIN block AS b ON b.cidr = a.block ");
        }

        text.Append("WHERE 1 ");
        text.Append(filter.Handle is null ? "" : "AND a.handle = ? ");
        text.Append(filter.Holder is null ? "" : "AND a.owner = ? ");
        text.Append(filter.Range is null ? "" : "AND a.ip BETWEEN ? AND ? ");
        text.Append(filter.After is null ? "" : "AND a.ip > ? ");
        text.Append(filter.Borrowed switch { null => "", true => "AND b.owner IS NOT a.owner ", false => "AND b.owner IS a.owner " });
        return text.Append("ORDER BY a.ip LIMIT ?").ToString();
    }
}

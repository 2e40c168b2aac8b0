using System.Collections.Immutable;
using System.Text.Json;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>The statements over addresses, their history, requests and handles.</summary>
internal static class AddressQueries
{
    private const string Columns = "host(a.ip), a.block::text, a.generation, a.handle, a.owner, a.attributes::text, a.since, a.issued";

    /// <summary>Stands in place of attributes that were blanked.</summary>
    private const string Redacted = "null";

    public static Query Of(ImmutableArray<IpAddress> ips) =>
        new($"select {Columns} from address a where a.ip = any ($1::inet[]) order by a.ip", (object)ips.Select(ip => ip.ToString()).ToArray());

    /// <remarks>Each handle by itself: a join would let the table be read as a whole, in the order of its addresses, when statistics call it small.</remarks>
    public static Query OfHandles(string[] handles) => new(
        $"""
        select {Columns} from unnest($1) asked(handle), lateral (select a.* from address a where a.handle = asked.handle offset 0) a order by a.ip
        """,
        (object)handles);

    /// <summary>One row more than the limit tells whether there is more. Only the parts that filter stand in the statement: each set gets a plan of its own.</summary>
    public static Query Find(AddressFilter filter)
    {
        var conditions = new List<string> { "true" };
        var values = new List<object?>();
        void Add(string condition, params object[] given)
        {
            conditions.Add(condition);
            values.AddRange(given);
        }

        if (filter.Handle is { } handle)
        {
            Add($"a.handle = ${values.Count + 1}", handle);
        }

        if (filter.Holder is { } holder)
        {
            Add($"a.owner = ${values.Count + 1}", holder.ToString());
        }

        if (filter.Range is { } range)
        {
            Add($"a.ip between ${values.Count + 1}::inet and ${values.Count + 2}::inet", range.First.ToString(), range.Last.ToString());
        }

        if (filter.Borrowed is { } borrowed)
        {
            Add($"(b.owner is distinct from a.owner) = ${values.Count + 1}", borrowed);
        }

        if (filter.After is { } after)
        {
            Add($"a.ip > ${values.Count + 1}::inet", after.ToString());
        }

        var block = filter.Borrowed is null ? "" : "left join block b on b.cidr = a.block";
        values.Add(filter.Limit + 1);
        return new($"select {Columns} from address a {block} where {string.Join(" and ", conditions)} order by a.ip limit ${values.Count}", [.. values]);
    }

    public static Query History(IpAddress ip) => new(
        """
        select host(a.ip), a.block::text, a.generation, a.handle, a.owner, a.attributes::text, a.assigned_at, a.issued, a.pool, a.released_at, a.why
          from address_history a where a.ip = $1::inet order by a.released_at, a.number
        """,
        ip.ToString());

    public static Query HistoryIn(Cidr range) => new(
        """
        select host(a.ip), a.block::text, a.generation, a.handle, a.owner, a.attributes::text, a.assigned_at, a.issued, a.pool, a.released_at, a.why
          from address_history a where a.ip between $1::inet and $2::inet order by a.ip, a.released_at, a.number
        """,
        range.First.ToString(), range.Last.ToString());

    public static Query Requests(string[] ids) => new(
        """
        select r.id, r.digest, r.issued, array(select host(g) from unnest(r.ips) g), r.generations, r.at
          from unnest($1) asked(id), lateral (select r.* from request r where r.id = asked.id offset 0) r
        """,
        (object)ids);

    public static Query ClosedThrough(string handle) => new("select closed_through from handle where id = $1", handle);

    public static AddressRow Row(NpgsqlDataReader row) => Row(row, 0);

    /// <summary>The columns of an address, from this one on.</summary>
    public static AddressRow Row(NpgsqlDataReader row, int column) => new(
        IpAddress.Parse(row.GetString(column)),
        Cidr.Parse(row.GetString(column + 1)),
        row.GetInt64(column + 2),
        row.IsDBNull(column + 3) ? null : row.GetString(column + 3),
        Owner.Parse(row.GetString(column + 4)),
        Attributes(row.GetString(column + 5)),
        row.GetFieldValue<DateTimeOffset>(column + 6),
        TimeAt(row, column + 7))
    {
        IsRedacted = row.GetString(column + 5) == Redacted,
    };

    public static AddressHistoryRow HistoryRow(NpgsqlDataReader row) =>
        new(Row(row), row.GetString(8), row.GetFieldValue<DateTimeOffset>(9), row.GetString(10));

    public static RequestRow RequestRow(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        TimeAt(row, 2),
        Grants(row, 3),
        row.GetFieldValue<DateTimeOffset>(5));

    /// <summary>Addresses as text in one column and their generations in the next.</summary>
    public static ImmutableArray<Grant> Grants(NpgsqlDataReader row, int column) =>
        [.. row.GetFieldValue<string[]>(column).Zip(row.GetFieldValue<long[]>(column + 1), static (ip, generation) => new Grant(IpAddress.Parse(ip), generation))];

    public static DateTimeOffset? TimeAt(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    private static ImmutableSortedDictionary<string, string> Attributes(string json) => json == Redacted
        ? ImmutableSortedDictionary<string, string>.Empty
        : JsonElement.Parse(json).EnumerateObject().ToImmutableSortedDictionary(pair => pair.Name, pair => pair.Value.GetString()!, StringComparer.Ordinal);
}

using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>
/// The statements over what was at one instant. Intervals of one address never overlap: the first that ended later is the only one that can hold it. Several may have ended at
/// once, where the clock of a member stood behind the last event: all but the first of them lasted for no time.
/// </summary>
internal static class PastQueries
{
    private const string Present = "host(a.ip), a.block::text, a.generation, a.handle, a.owner, a.attributes::text, a.since, a.issued";
    private const string Past = "host(a.ip), a.block::text, a.generation, a.handle, a.owner, a.attributes::text, a.assigned_at, a.issued";
    private const string Blocks = "select b.cidr::text, b.version, b.pool, b.owner, b.from_at, b.to_at, b.why, b.ended from block_history b";

    public static Query Horizon() => new("select at from history_horizon");

    public static Query AddressAt(IpAddress ip, DateTimeOffset at) => new(
        $"""
        (select {Present} from address a where a.ip = $1::inet and a.since <= $2)
        union all
        (select {Past} from (select * from address_history h where h.ip = $1::inet and h.released_at > $2 order by h.released_at, h.generation limit 1) a where a.assigned_at <= $2)
        """,
        ip.ToString(), at.ToUniversalTime());

    /// <summary>By the handle or the holder when one is given; else from address to address, one look at each, however often it changed hands.</summary>
    /// <remarks>What a handle or a holder had is gathered first: an order with a limit tempts the planner to walk all addresses until the page is full.</remarks>
    public static Query FindAt(AddressFilter filter, DateTimeOffset at)
    {
        var bounds = "";
        var values = new List<object?> { at.ToUniversalTime() };
        string Next(object value)
        {
            values.Add(value);
            return FormattableString.Invariant($"${values.Count}");
        }

        if (filter.Range is { } range)
        {
            bounds += $" and a.ip between {Next(range.First.ToString())}::inet and {Next(range.Last.ToString())}::inet";
        }

        if (filter.After is { } after)
        {
            bounds += $" and a.ip > {Next(after.ToString())}::inet";
        }

        var (held, conditions) = ("", "");
        if (filter.Handle is { } handle)
        {
            var place = Next(handle);
            (held, conditions) = ($" and a.handle = {place}", $" and a.handle = {place} and hashtext(a.handle) = hashtext({place})");
        }

        if (filter.Holder is { } holder)
        {
            var place = Next(holder.ToString());
            (held, conditions) = ($"{held} and a.owner = {place}", $"{conditions} and a.owner = {place}");
        }

        var borrowing = filter.Borrowed is { } borrowed
            ? $"""
               and ((select b.owner from block_history b where b.cidr = a.block and b.from_at <= $1 and (b.to_at is null or b.to_at > $1)) is distinct from a.owner) = {Next(borrowed)}
              """
            : "";
        var limit = Next(filter.Limit + 1);
        var past = filter is { Handle: null, Holder: null }
            ? $"""
              (with recursive walk(ip) as (
                   (select a.ip from address_history a where true{bounds} order by a.ip limit 1)
                   union all
                   select (select a.ip from address_history a where a.ip > w.ip{bounds} order by a.ip limit 1) from walk w where w.ip is not null)
               select a.* from walk w, lateral (
                   select h.* from address_history h where h.ip = w.ip and h.released_at > $1 order by h.released_at, h.generation limit 1) a
                where a.assigned_at <= $1{borrowing} limit {limit})
              """
            : $"""
              (with theirs as materialized (select a.* from address_history a where a.released_at > $1 and a.assigned_at <= $1{bounds}{conditions}{borrowing})
               select a.* from theirs a order by a.ip limit {limit})
              """;
        return new(
            $"""
            select * from (
                (select a.ip as place, {Present} from address a where a.since <= $1{bounds}{held}{borrowing} order by a.ip limit {limit})
                union all
                (select a.ip, {Past} from {past} a)) x
             order by x.place limit {limit}
            """,
            [.. values]);
    }

    public static Query BlocksAt(Cidr? range, Owner? owner, int limit, Cidr? after, DateTimeOffset at)
    {
        var values = new List<object?> { at.ToUniversalTime(), limit };
        var conditions = "";
        string Next(object value)
        {
            values.Add(value);
            return FormattableString.Invariant($"${values.Count}");
        }

        if (range is { } inner)
        {
            conditions += $" and (b.cidr between {Next(inner.ToString())}::cidr and {Next(Cidr.Of(inner.Last).ToString())}::cidr or b.cidr = any ({Next(BlockQueries.Around(inner))}::cidr[]))";
        }

        conditions += owner is { } some ? $" and b.owner = {Next(some.ToString())}" : "";
        conditions += after is { } behind ? $" and b.cidr > {Next(behind.ToString())}::cidr" : "";
        return new($"{Blocks} where b.from_at <= $1 and (b.to_at is null or b.to_at > $1){conditions} order by b.cidr limit $2", [.. values]);
    }

    public static Query ResourcesAt(DateTimeOffset at) => new(
        "select kind, name, uid, resource_version, body::text from resource_history where from_at <= $1 and (to_at is null or to_at > $1) order by kind, name",
        at.ToUniversalTime());

    public static Query CatalogVersionAt(DateTimeOffset at) => new(
        "select version from journal where stream = 'catalog' and at <= $1 order by version desc limit 1", at.ToUniversalTime());

    public static Query BlockHistory(Cidr block, long after, int limit) =>
        new($"{Blocks} where b.cidr = $1::cidr and b.version > $2 order by b.version limit $3", block.ToString(), after, limit + 1);

    public static Query ResourceHistory(string kind, string name, int skip, int limit) => new(
        """
        select kind, name, uid, resource_version, body::text, from_at, to_at from resource_history
         where kind = $1 and name = $2 order by number limit $3 offset $4
        """,
        kind, name, limit + 1, skip);

    public static AddressRow Found(NpgsqlDataReader row) => AddressQueries.Row(row, 1);

    public static BlockHistoryRow Block(NpgsqlDataReader row) => new(
        Cidr.Parse(row.GetString(0)),
        row.GetInt64(1),
        row.GetString(2),
        row.IsDBNull(3) ? null : Owner.Parse(row.GetString(3)),
        row.GetFieldValue<DateTimeOffset>(4),
        AddressQueries.TimeAt(row, 5),
        row.GetString(6),
        row.IsDBNull(7) ? null : row.GetString(7));

    public static ResourceHistoryRow Resource(NpgsqlDataReader row) =>
        new(BlockQueries.ResourceRow(row), row.GetFieldValue<DateTimeOffset>(5), AddressQueries.TimeAt(row, 6));

    /// <summary>At most so many, and whether there are more.</summary>
    public static Page<T> ToPage<T>(this ImmutableArray<T> rows, int limit) =>
        rows.Length > limit ? new(rows[..limit], More: true) : new(rows, More: false);
}

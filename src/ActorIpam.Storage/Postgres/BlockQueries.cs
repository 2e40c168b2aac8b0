using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>The statements over blocks and resources.</summary>
/// <remarks>
/// PostgreSQL orders ranges by family, common bits, length: a range comes first, then everything inside it. So what a range contains is what
/// lies between it and its last address, and what contains it is found by its possible prefixes: both by the primary key.
/// </remarks>
internal static class BlockQueries
{
    public const string Columns =
        "b.cidr::text, b.pool, b.owner, b.version, b.size, b.free, b.assigned, b.cooling, b.host_reserved, b.borrowed, b.claimed_at, b.cooling_since";

    private const string Order = "b.cidr";

    public static Query Of(Cidr block) => new($"select {Columns} from block b where b.cidr = $1::cidr", block.ToString());

    public static Query Containing(IpAddress ip) =>
        new($"select {Columns} from block b where b.cidr = any ($1::cidr[]) order by {Order} desc limit 1", (object)Around(Cidr.Of(ip)));

    public static Query OfOwner(Owner owner) => new($"select {Columns} from block b where b.owner = $1 order by {Order}", owner.ToString());

    public static Query In(Cidr? range, int limit, Cidr? after) => new(
        $"""
        select {Columns} from block b
         where ($1::cidr is null or b.cidr between $1::cidr and $2::cidr or b.cidr = any ($3::cidr[]))
           and ($4::cidr is null or b.cidr > $4::cidr)
         order by {Order} limit $5
        """,
        range?.ToString(), range is { } some ? Cidr.Of(some.Last).ToString() : null, range is { } inner ? Around(inner) : [], after?.ToString(), limit);

    /// <summary>Each walk in two strides, from its start and then around; one row more than wanted tells whether there is more.</summary>
    public static Query Walks(ImmutableArray<RoomWalk> walks, int most) => new(
        $"""
        select w.place, b.*
          from unnest($1::cidr[], $2::cidr[], $3::cidr[]) with ordinality w(first, last, start, place),
               lateral (
                   select x.* from (
                       (select {Columns}, 0 as stride, b.cidr as at from block b
                         where b.has_room and b.cidr between w.first and w.last and b.cidr >= w.start
                         order by {Order} limit $4)
                       union all
                       (select {Columns}, 1, b.cidr from block b
                         where b.has_room and b.cidr between w.first and w.last and b.cidr < w.start
                         order by {Order} limit $4)) x
                    order by x.stride, x.at limit $4) b
         order by w.place, b.stride, b.at
        """,
        walks.Select(walk => walk.Range.ToString()).ToArray(),
        walks.Select(walk => Cidr.Of(walk.Range.Last).ToString()).ToArray(),
        walks.Select(walk => WidestFrom(walk.Start).ToString()).ToArray(),
        most + 1);

    public static Query Totals(ImmutableArray<Cidr> ranges) => new(
        """
        select count(b.cidr), coalesce(sum(b.free), 0)::bigint, coalesce(sum(b.assigned), 0)::bigint, coalesce(sum(b.cooling), 0)::bigint,
               coalesce(sum(b.host_reserved), 0)::bigint, coalesce(sum(b.borrowed), 0)::bigint, count(b.cidr) filter (where b.owner is null)
          from unnest($1::cidr[], $2::cidr[]) with ordinality r(first, last, place)
          left join block b on b.cidr between r.first and r.last
         group by r.place order by r.place
        """,
        ranges.Select(range => range.ToString()).ToArray(),
        ranges.Select(range => Cidr.Of(range.Last).ToString()).ToArray());

    public static Query Resources(string kind) =>
        new("select kind, name, uid, resource_version, body::text from resource where kind = $1 order by name", kind);

    public static BlockRow Row(NpgsqlDataReader row) => Row(row, 0);

    public static (long Walk, BlockRow Block) WalkRow(NpgsqlDataReader row) => (row.GetInt64(0), Row(row, 1));

    public static BlockTotals TotalsRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6));

    public static ResourceRow ResourceRow(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetString(4));

    private static BlockRow Row(NpgsqlDataReader row, int column) => new(
        Cidr.Parse(row.GetString(column)),
        row.GetString(column + 1),
        row.IsDBNull(column + 2) ? null : Owner.Parse(row.GetString(column + 2)),
        row.GetInt64(column + 3),
        row.GetInt32(column + 4),
        row.GetInt32(column + 5),
        row.GetInt32(column + 6),
        row.GetInt32(column + 7),
        row.GetInt32(column + 8),
        row.GetInt32(column + 9),
        AddressQueries.TimeAt(row, column + 10),
        AddressQueries.TimeAt(row, column + 11));

    /// <summary>Every range that contains this one, itself included.</summary>
    public static string[] Around(Cidr range) =>
        [.. Enumerable.Range(0, range.Length + 1).Select(length => Cidr.Containing(range.First, length).ToString())];

    /// <summary>The first range, in their order, that does not start before the address.</summary>
    private static Cidr WidestFrom(IpAddress start)
    {
        var bits = start.Family.Bits();
        return Cidr.Containing(start, bits - Math.Min(bits, (int)UInt128.TrailingZeroCount(start.Value)));
    }
}

using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>The statements of sweepers: each walks an index from where the page before ended.</summary>
internal static class DueQueries
{
    public static Query CoolingThrough(DateTimeOffset through, int limit) => new(
        $"select {BlockQueries.Columns} from block b where b.cooling_since <= $1 order by b.cooling_since, b.cidr limit $2", through.ToUniversalTime(), limit);

    public static Query EmptyBlocks(Cidr? after, int limit) => new(
        $"""
        select {BlockQueries.Columns} from block b
         where b.is_spare and ($1::cidr is null or b.cidr > $1::cidr)
           and exists (select from block o where o.owner = b.owner and o.cidr <> b.cidr and family(o.cidr) = family(b.cidr)) order by b.cidr limit $2
        """,
        after?.ToString(), limit);

    /// <remarks>A place that a running transaction holds stands at '-infinity' and is no request.</remarks>
    public static Query OldRequests(DateTimeOffset before, OldRequest? after, int limit) => new(
        """
        select k.id, k.at, array(select host(g) from unnest(k.ips) g), k.generations, exists (
               select from unnest(k.ips, k.generations) g(ip, generation) join address a on a.ip = any (array[g.ip]) and a.generation = g.generation)
          from request k
         where k.at < $1 and (k.at, k.id) > ($2, $3) order by k.at, k.id limit $4
        """,
        before.ToUniversalTime(), after?.At.ToUniversalTime() ?? DateTimeOffset.UnixEpoch, after?.Id ?? "", limit);

    public static Query ClosedHandles(string? after, int limit) => new(
        """
        select h.id, h.closed_through, h.at, exists (select from address a where a.handle = h.id),
               exists (select from address a where a.handle = h.id and (a.issued is null or a.issued <= h.closed_through))
          from handle h where h.id > $1 order by h.id limit $2
        """,
        after ?? "", limit);

    public static OldRequest OldRequest(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), AddressQueries.Grants(row, 2), row.GetBoolean(4));

    public static ClosedHandle ClosedHandle(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2), row.GetBoolean(3), row.GetBoolean(4));
}

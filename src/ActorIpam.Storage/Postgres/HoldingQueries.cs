using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>Who held what, over a time: past holders in the order of their ends, then those that hold now.</summary>
internal static class HoldingQueries
{
    private const string Columns = "host(a.ip), a.block::text, a.generation, a.handle, a.owner, a.attributes::text";

    /// <summary>Both parts in one statement, and so of one instant. Only the parts that filter stand in it.</summary>
    public static Query Of(HoldingFilter filter)
    {
        var values = new List<object?>();
        string Next(object value)
        {
            values.Add(value);
            return FormattableString.Invariant($"${values.Count}");
        }

        var (more, order) = filter.NewestFirst ? ("<", "desc") : (">", "asc");
        var (both, past, present) = ("", "", "");
        both += filter.Ip is { } ip ? $" and a.ip = {Next(ip.ToString())}::inet" : "";
        both += filter.Holder is { } holder ? $" and a.owner = {Next(holder.ToString())}" : "";
        if (filter.Handle is { } handle)
        {
            var place = Next(handle);
            both += $" and a.handle = {place}";
            // Beside an address the handle only filters, so that the index of the address is the one that is taken.
            past += filter.Ip is null ? $" and hashtext(a.handle) = hashtext({place})" : "";
        }

        var join = "";
        if (filter.Pool is { } pool)
        {
            var place = Next(pool);
            past += $" and a.pool = {place}" + (filter is { Ip: null, Handle: null, Holder: null } ? $" and hashtext(a.pool) = hashtext({place})" : "");
            join = $"join block b on b.cidr = a.block and b.pool = {place}";
        }

        past += filter.From is { } from ? $" and a.released_at > {Next(from.ToUniversalTime())}" : "";
        if (filter.To is { } to)
        {
            var place = Next(to.ToUniversalTime());
            (past, present) = ($"{past} and a.assigned_at < {place}", $"{present} and a.since < {place}");
        }

        var limit = Next(filter.Limit + 1);
        if (filter.After is { ReleasedAt: { } released } behind)
        {
            var place = Next(released.ToUniversalTime());
            past += $" and a.released_at {more}= {place} and (a.released_at, a.ip, a.generation) {more} ({place}, {Next(behind.Ip.ToString())}::inet, {Next(behind.Generation)})";
        }

        present += filter.After is { ReleasedAt: null } last ? $" and (a.ip, a.generation) {more} ({Next(last.Ip.ToString())}::inet, {Next(last.Generation)})" : "";
        var ended = $"""
            (select a.released_at as at_end, a.ip as at_ip, a.generation as at_generation, {Columns}, a.assigned_at, a.issued, a.pool, a.released_at, a.why from address_history a
              where true{both}{past} order by a.released_at {order}, a.ip {order}, a.generation {order} limit {limit})
            """;
        var lasting = $"""
            (select 'infinity'::timestamptz as at_end, a.ip as at_ip, a.generation as at_generation, {Columns}, a.since, a.issued, null::text, null::timestamptz, null::text from address a {join}
              where true{both}{present} order by a.ip {order} limit {limit})
            """;
        // Behind a holder that lasts come only others that last, or, newest first, all that ended; before one that ended, newest first, none that lasts.
        var parts = (filter.NewestFirst, filter.After) switch
        {
            (false, { ReleasedAt: null }) => lasting,
            (true, { ReleasedAt: not null }) => ended,
            _ => $"{ended} union all {lasting}",
        };
        return new($"select * from ({parts}) x order by x.at_end {order}, x.at_ip {order}, x.at_generation {order} limit {limit}", [.. values]);
    }

    public static Query Unredacted(string handle, DateTimeOffset through, int limit) => new(
        """
        select host(x.ip), x.generation from (
            (select a.ip, a.generation from address a
              where a.handle = $1 and a.since <= $2 and a.attributes <> 'null' and a.attributes <> '{}' order by a.ip, a.generation limit $3)
            union all
            (select a.ip, a.generation from address_history a
              where hashtext(a.handle) = hashtext($1) and a.handle = $1 and a.assigned_at <= $2 and a.attributes <> 'null' and a.attributes <> '{}'
              order by a.ip, a.generation limit $3)) x
         order by x.ip, x.generation limit $3
        """,
        handle, through.ToUniversalTime(), limit);

    public static Query HasBefore(DateTimeOffset before) => new(
        """
        select exists (select from address_history where released_at < $1) or exists (select from block_history where to_at < $1)
            or exists (select from resource_history where to_at < $1)
        """,
        before.ToUniversalTime());

    public static HoldingRow Row(NpgsqlDataReader row) => new(
        AddressQueries.Row(row, 3),
        row.IsDBNull(11) ? null : row.GetString(11),
        AddressQueries.TimeAt(row, 12),
        row.IsDBNull(13) ? null : row.GetString(13));

    public static Grant Grant(NpgsqlDataReader row) => new(IpAddress.Parse(row.GetString(0)), row.GetInt64(1));
}

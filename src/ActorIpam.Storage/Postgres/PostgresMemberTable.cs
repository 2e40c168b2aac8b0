using ActorIpam.EventSourcing;
using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>The member table beside a PostgreSQL journal.</summary>
/// <remarks>Its connections commit without waiting for the disk: a beat that is lost is written again a second later (protocol.md §4, Membership).</remarks>
public sealed class PostgresMemberTable : IMemberTable, IAsyncDisposable
{
    /// <summary>A dead member's row is shown for so long; who joins sweeps older ones out.</summary>
    private const string Remembered = "1 day";

    private const string CatalogStream = "catalog";

    private readonly PostgresReader _table;

    private PostgresMemberTable(PostgresReader table) => _table = table;

    /// <summary>Opens the table of a journal that was opened before, which created it.</summary>
    /// <param name="connectionString">The journal's.</param>
    /// <param name="options">The journal's.</param>
    public static PostgresMemberTable Open(string connectionString, PostgresOptions options) => new(new(PostgresConnections.ForMembers(connectionString, options)));

    public async ValueTask<long> DrawIncarnationAsync(CancellationToken cancellation)
    {
        var drawn = await _table.ListAsync(
            new(
                $"""
                with old as (delete from member where at < (select max(at) from member) - interval '{Remembered}')
                select greatest(nextval('member_incarnation'), (select coalesce(max(incarnation), 0) + 1 from member))
                """),
            static row => row.GetInt64(0),
            cancellation);
        return drawn.Single();
    }

    /// <remarks>The statement's own snapshot is older than the row it writes, so that row is taken from what was written.</remarks>
    public async ValueTask<MembersRead> BeatAsync(MemberRow mine, CancellationToken cancellation)
    {
        var rows = await _table.ListAsync(
            new(
                """
                with mine as (
                    insert into member as m (id, incarnation, address, schema, at, draining) values ($1, $2, $3, $4, clock_timestamp(), $5)
                        on conflict (id) do update
                           set incarnation = excluded.incarnation, address = excluded.address, schema = excluded.schema, at = excluded.at,
                               draining = excluded.draining or (m.draining and m.incarnation = excluded.incarnation)
                         where m.incarnation <= excluded.incarnation
                     returning id, incarnation, address, schema, at, draining
                ), everybody as (
                    select id, incarnation, address, schema, at, draining from mine
                     union all
                    select id, incarnation, address, schema, at, draining from member where id <> $1 or not exists (select from mine)
                )
                select clock_timestamp(), coalesce(s.version, 0), coalesce(s.commit_id, $6), e.id, e.incarnation, e.address, e.schema, e.at, e.draining
                  from (select 1) one left join stream s on s.id = $7 left join everybody e on true
                 order by e.id
                """,
                mine.Name, mine.Incarnation, mine.Address, mine.Protocol, mine.IsDraining, Guid.Empty, CatalogStream),
            static row => (Clock: TimeAt(row, 0), Catalog: StreamQueries.HeadAt(row, 1), Row: row.IsDBNull(3) ? null : RowAt(row, 3)),
            cancellation);
        return new(rows[0].Clock, rows[0].Catalog, [.. rows.Select(static row => row.Row).OfType<MemberRow>()]);
    }

    public async ValueTask<bool> AskToLeaveAsync(string name, CancellationToken cancellation) =>
        (await _table.ListAsync(new("update member set draining = true where id = $1 returning id", (object)name), static row => row.GetString(0), cancellation)).Length > 0;

    public async ValueTask RemoveAsync(string name, long incarnation, CancellationToken cancellation) =>
        await _table.ListAsync(new("delete from member where id = $1 and incarnation = $2 returning id", name, incarnation), static row => row.GetString(0), cancellation);

    public ValueTask DisposeAsync() => _table.DisposeAsync();

    private static MemberRow RowAt(NpgsqlDataReader row, int column) => new(
        row.GetString(column), row.GetInt64(column + 1), row.GetString(column + 2), row.GetInt32(column + 3), TimeAt(row, column + 4), row.GetBoolean(column + 5));

    private static DateTimeOffset TimeAt(NpgsqlDataReader row, int column) => row.GetFieldValue<DateTimeOffset>(column);
}

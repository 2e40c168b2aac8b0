using ActorIpam.EventSourcing;
using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>Snapshots and retention, one statement each. They take no lock that an append waits for: heads and the rows at their end are not touched.</summary>
internal static class UpkeepQueries
{
    private const string IsAnchored = "exists (select from journal a where a.stream = s.stream and a.version = s.version and a.commit_id = s.commit_id)";

    /// <remarks>Two steps in one snapshot: which snapshot, then the rows behind it; the head row alone when there are none.</remarks>
    public static async ValueTask<StreamTail> LoadAsync(PostgresReader reader, StreamId stream, long below, CancellationToken cancellation)
    {
        var rows = await reader.ListAsync(
            new(
                $"""
                select coalesce(h.version, 0), coalesce(h.commit_id, $3), s.version, s.commit_id, s.schema, s.sha256,
                       case when row_number() over (order by j.version) = 1 then s.state::text end,
                       j.version, j.commit_id, j.at, j.member, j.schema, j.events::text
                  from (select $1::text as stream) k
                  left join stream h on h.id = k.stream
                  left join lateral (select s.* from snapshot s where s.stream = k.stream and s.version < $2 and {IsAnchored} order by s.version desc limit 1) s on true
                  left join journal j on j.stream = k.stream and j.version > coalesce(s.version, 0)
                 order by j.version
                """,
                stream.Value, below, Guid.Empty),
            row => (Head: StreamQueries.HeadAt(row, 0), Snapshot: row.IsDBNull(6) ? null : SnapshotAt(row, stream), Row: row.IsDBNull(7) ? null : StreamQueries.JournalRowAt(row, 7)),
            cancellation);
        return new(rows[0].Head, Continues: true, [.. rows.Where(row => row.Row is not null).Select(row => row.Row!)]) { Snapshot = rows[0].Snapshot };
    }

    public static Query Lengths(string prefix, StreamId? after, int limit) => new(
        """
        select h.id, h.version, h.commit_id, coalesce((select max(s.version) from snapshot s where s.stream = h.id), 0),
               coalesce((select s.version from snapshot s where s.stream = h.id order by s.version desc offset 1 limit 1), 0), j.version, j.at
          from stream h
          join lateral (select f.version, f.at from journal f where f.stream = h.id order by f.version limit 1) j on true
         where h.id > $1 collate "C" and h.id >= $2 collate "C" and h.id < $3 collate "C" order by h.id limit $4
        """,
        after?.Value ?? "", prefix, prefix + '\uffff', limit);

    /// <summary>Puts a snapshot in its place if the journal knows its head..</summary>
    public static Query Keep(Snapshot snapshot) => new(
        """
        insert into snapshot (stream, version, commit_id, schema, sha256, state)
        select j.stream, j.version, j.commit_id, $4, $5, $6::json from journal j where j.stream = $1 and j.version = $2 and j.commit_id = $3
        on conflict (stream, version) do update set commit_id = excluded.commit_id, schema = excluded.schema, sha256 = excluded.sha256, state = excluded.state
        returning version
        """,
        snapshot.Stream.Value, snapshot.Head.Version, snapshot.Head.Commit.Value, snapshot.Schema, snapshot.Sha256, snapshot.State);

    /// <summary>Drops what does not stand in this history, and all but the newest two.</summary>
    public static Query DropOlder(StreamId stream) => new(
        $"""
        delete from snapshot s
         where s.stream = $1
           and (not {IsAnchored}
                or (select count(*) from snapshot n
                     where n.stream = s.stream and n.version > s.version
                       and exists (select from journal a where a.stream = n.stream and a.version = n.version and a.commit_id = n.commit_id)) >= 2)
        returning s.version
        """,
        stream.Value);

    /// <remarks>The rows are locked in their order, so that two members that cut the same stream wait for each other and one of them finds nothing left.</remarks>
    public static Query Cut(StreamId stream, Head covered, DateTimeOffset before, int most) => new(
        $"""
        with old as (
            select j.version from journal j
             where j.stream = $1 and j.version < $2
               and j.version < coalesce((select f.version from journal f where f.stream = $1 and f.version < $2 and f.at >= $4 order by f.version limit 1), $2)
               and exists (select from snapshot s where s.stream = $1 and s.version = $2 and s.commit_id = $3 and {IsAnchored})
               and exists (select from snapshot s where s.stream = $1 and s.version > $2 and {IsAnchored})
             order by j.version limit $5 for update),
        gone as (delete from journal j using old o where j.stream = $1 and j.version = o.version returning 1)
        select count(*)::integer from gone
        """,
        stream.Value, covered.Version, covered.Commit.Value, before.ToUniversalTime(), most);

    public static StreamLength Length(NpgsqlDataReader row) => new(
        new(row.GetString(0)), StreamQueries.HeadAt(row, 1), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetFieldValue<DateTimeOffset>(6));

    private static Snapshot SnapshotAt(NpgsqlDataReader row, StreamId stream) =>
        new(stream, StreamQueries.HeadAt(row, 2), row.GetInt32(4), row.GetString(5), row.GetString(6));
}

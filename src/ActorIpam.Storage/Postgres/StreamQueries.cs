using System.Collections.Immutable;
using ActorIpam.EventSourcing;
using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>Reads heads and tails, each in one statement and so of one instant.</summary>
internal static class StreamQueries
{
    /// <remarks>
    /// A head row is always there, so that an empty tail still tells the head. A reader's own head belongs to this history if it is the present
    /// head or the journal row at its version carries its commit id.
    /// </remarks>
    public static async ValueTask<StreamTail> TailAsync(PostgresReader reader, StreamId stream, Head after, CancellationToken cancellation)
    {
        var rows = await reader.ListAsync(
            new(
                """
                select coalesce(s.version, 0), coalesce(s.commit_id, $3), k.known, j.version, j.commit_id, j.at, j.member, j.schema, j.events::text
                  from (select coalesce($2 = 0, false) or exists (select from journal r where r.stream = $1 and r.version = $2 and r.commit_id = $4)
                            or exists (select from stream h where h.id = $1 and h.version = $2 and h.commit_id = $4) as known) k
                  left join stream s on s.id = $1
                  left join journal j on j.stream = $1 and j.version > $2 and k.known
                 order by j.version
                """,
                stream.Value, after.Version, Guid.Empty, after.Commit.Value),
            row => (Head: HeadAt(row, 0), Known: row.GetBoolean(2), Row: row.IsDBNull(3) ? null : JournalRowAt(row, 3)),
            cancellation);
        var known = rows[0].Known && (after.Version != 0 || after == Head.None);
        return new(rows[0].Head, known, known ? [.. rows.Where(row => row.Row is not null).Select(row => row.Row!)] : []);
    }

    public static Query Heads(ImmutableArray<StreamId> streams) => new(
        """
        select coalesce(s.version, 0), coalesce(s.commit_id, '00000000-0000-0000-0000-000000000000')
          from unnest($1) with ordinality u(id, place) left join stream s on s.id = u.id order by u.place
        """,
        (object)streams.Select(stream => stream.Value).ToArray());

    /// <summary>Names that begin with a text lie between it and the first text behind all of them, in the order "C".</summary>
    public static Query Streams(string prefix, StreamId? after, int limit) => new(
        "select s.id, s.version, s.commit_id from stream s where s.id >= $1 and s.id < $2 and s.id > $3 order by s.id limit $4",
        prefix, StreamNames.Behind(prefix), after?.Value ?? "", limit);

    public static Query Row(StreamId stream, long version) => new(
        "select j.version, j.commit_id, j.at, j.member, j.schema, j.events::text from journal j where j.stream = $1 and j.version = $2", stream.Value, version);

    public static Head HeadAt(NpgsqlDataReader row, int column) => new(row.GetInt64(column), new(row.GetGuid(column + 1)));

    public static JournalRow JournalRowAt(NpgsqlDataReader row, int column) => new(
        row.GetInt64(column),
        new(row.GetGuid(column + 1)),
        row.GetFieldValue<DateTimeOffset>(column + 2),
        row.GetString(column + 3),
        row.GetInt32(column + 4),
        row.GetString(column + 5));
}

using System.Collections.Immutable;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Storage.Sqlite;

/// <summary>Reads streams, and the resources that are the fold of one.</summary>
internal static class SqliteTails
{
    public static StreamTail Read(SqliteConnection connection, StreamId stream, Head after)
    {
        var head = SqliteRows.HeadOf(connection, stream);
        var continues = after == Head.None || after == head || SqliteRows.CommitOf(connection, stream, after.Version) == after.Commit;
        return new(head, continues, continues && after != head ? Rows(connection, stream, after.Version) : []);
    }

    /// <summary>A stream from its newest snapshot below a version that stands in this history; from its first row without one.</summary>
    public static StreamTail Load(SqliteConnection connection, StreamId stream, long below)
    {
        var snapshot = connection.Prepare(
            """
            SELECT s.version, s.commit_id, s.schema, s.sha256, s.state FROM snapshot s
            JOIN journal j ON j.stream = s.stream AND j.version = s.version AND j.commit_id = s.commit_id
            WHERE s.stream = ? AND s.version < ? ORDER BY s.version DESC LIMIT 1
            """).With(stream.Value).With(below)
            .First(row => new Snapshot(stream, new(row.Number(0), SqliteKeys.ToCommit(row.Bytes(1))), (int)row.Number(2), row.Text(3), row.Text(4)));
        return new(SqliteRows.HeadOf(connection, stream), Continues: true, Rows(connection, stream, snapshot?.Head.Version ?? 0)) { Snapshot = snapshot };
    }

    private static ImmutableArray<JournalRow> Rows(SqliteConnection connection, StreamId stream, long after)
    {
        var rows = ImmutableArray.CreateBuilder<JournalRow>();
        connection.Prepare("SELECT version, commit_id, at, member, schema, events FROM journal WHERE stream = ? AND version > ? ORDER BY version")
            .With(stream.Value).With(after).Into(rows, SqliteRows.Journal);
        return rows.ToImmutable();
    }

    /// <summary>Names that begin with a text lie between it and the first text behind all of them.</summary>
    public static ImmutableArray<StreamHead> Streams(SqliteConnection connection, string prefix, StreamId? after, int limit)
    {
        var streams = ImmutableArray.CreateBuilder<StreamHead>();
        connection.Prepare("SELECT id, version, commit_id FROM stream WHERE id >= ? AND id < ? AND id > ? ORDER BY id LIMIT ?")
            .With(prefix).With(StreamNames.Behind(prefix)).With(after?.Value ?? "").With(limit)
            .Into(streams, static row => new(new(row.Text(0)), new(row.Number(1), SqliteKeys.ToCommit(row.Bytes(2)))));
        return streams.ToImmutable();
    }

    public static JournalRow? Row(SqliteConnection connection, StreamId stream, long version) =>
        connection.Prepare("SELECT version, commit_id, at, member, schema, events FROM journal WHERE stream = ? AND version = ?").With(stream.Value).With(version)
            .First(SqliteRows.Journal);

    public static ImmutableArray<ResourceRow> Resources(SqliteConnection connection, string kind)
    {
        var rows = ImmutableArray.CreateBuilder<ResourceRow>();
        connection.Prepare("SELECT kind, name, uid, resource_version, body FROM resource WHERE kind = ? ORDER BY name").With(kind).Into(rows, SqliteRows.Resource);
        return rows.ToImmutable();
    }
}

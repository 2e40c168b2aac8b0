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

    public static ImmutableArray<ResourceRow> Resources(SqliteConnection connection, string kind)
    {
        var rows = ImmutableArray.CreateBuilder<ResourceRow>();
        connection.Prepare("SELECT kind, name, uid, resource_version, body FROM resource WHERE kind = ? ORDER BY name").With(kind).Into(rows, SqliteRows.Resource);
        return rows.ToImmutable();
    }
}

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
        var rows = ImmutableArray.CreateBuilder<JournalRow>();
        if (continues && after != head)
        {
            connection.Prepare("SELECT version, commit_id, at, member, schema, events FROM journal WHERE stream = ? AND version > ? ORDER BY version")
                .With(stream.Value).With(after.Version).Into(rows, SqliteRows.Journal);
        }

        return new(head, continues, rows.ToImmutable());
    }

    /// <summary>Names that begin with a text lie between it and the text with its last character one higher.</summary>
    public static ImmutableArray<StreamHead> Streams(SqliteConnection connection, string prefix, StreamId? after, int limit)
    {
        var streams = ImmutableArray.CreateBuilder<StreamHead>();
        connection.Prepare("SELECT id, version, commit_id FROM stream WHERE id >= ? AND id < ? AND id > ? ORDER BY id LIMIT ?")
            .With(prefix).With(prefix[..^1] + (char)(prefix[^1] + 1)).With(after?.Value ?? "").With(limit)
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

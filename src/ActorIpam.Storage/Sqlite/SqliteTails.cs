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

    public static ImmutableArray<ResourceRow> Resources(SqliteConnection connection, string kind)
    {
        var rows = ImmutableArray.CreateBuilder<ResourceRow>();
        connection.Prepare("SELECT kind, name, uid, resource_version, body FROM resource WHERE kind = ? ORDER BY name").With(kind).Into(rows, SqliteRows.Resource);
        return rows.ToImmutable();
    }
}

using System.Collections.Immutable;
using ActorIpam.EventSourcing;

namespace ActorIpam.Storage.Sqlite;

/// <summary>The questions of operators who look at streams: each walks a primary key.</summary>
internal static class SqliteBrowserQueries
{
    public static ImmutableArray<StreamPlace> Streams(SqliteConnection connection, StreamId? after, int limit)
    {
        var places = ImmutableArray.CreateBuilder<StreamPlace>();
        connection.Prepare("SELECT id, version FROM stream WHERE id > ? ORDER BY id LIMIT ?").With(after?.Value ?? "").With(limit)
            .Into(places, static row => new StreamPlace(new(row.Text(0)), row.Number(1)));
        return places.ToImmutable();
    }

    public static ImmutableArray<StreamRow> RowsBehind(SqliteConnection connection, ImmutableArray<StreamPlace> places, int limit)
    {
        var found = ImmutableArray.CreateBuilder<StreamRow>();
        foreach (var place in places.OrderBy(static place => place.Stream))
        {
            connection.Prepare("SELECT version, commit_id, at, member, schema, events FROM journal WHERE stream = ? AND version > ? ORDER BY version LIMIT ?")
                .With(place.Stream.Value).With(place.Version).With(limit - found.Count).Into(found, row => new StreamRow(place.Stream, SqliteRows.Journal(row)));
            if (found.Count == limit)
            {
                break;
            }
        }

        return found.ToImmutable();
    }
}

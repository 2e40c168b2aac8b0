using System.Collections.Immutable;
using ActorIpam.EventSourcing;

namespace ActorIpam.Storage.Sqlite;

/// <summary>The question of operators who look at streams: it walks a primary key.</summary>
internal static class SqliteBrowserQueries
{
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

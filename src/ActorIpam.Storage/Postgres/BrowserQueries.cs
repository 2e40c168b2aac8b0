using System.Collections.Immutable;
using ActorIpam.EventSourcing;
using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>The statement of operators who look at streams: it walks a primary key.</summary>
internal static class BrowserQueries
{
    public static Query RowsBehind(ImmutableArray<StreamPlace> places, int limit) => new(
        """
        select j.version, j.commit_id, j.at, j.member, j.schema, j.events::text, j.stream
          from unnest($1, $2) u(stream, version) join journal j on j.stream = any (array[u.stream collate "C"]) and j.version > u.version
         order by j.stream, j.version limit $3
        """,
        places.Select(static place => place.Stream.Value).ToArray(), places.Select(static place => place.Version).ToArray(), limit);

    public static StreamRow Row(NpgsqlDataReader row) => new(new(row.GetString(6)), StreamQueries.JournalRowAt(row, 0));
}

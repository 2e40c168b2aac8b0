using System.Collections.Immutable;
using ActorIpam.EventSourcing;
using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>The statements of operators who look at streams: both walk a primary key.</summary>
internal static class BrowserQueries
{
    public static Query Streams(StreamId? after, int limit) => new(
        "select s.id, s.version from stream s where $1 is null or s.id > $1 order by s.id limit $2", after?.Value, limit);

    public static StreamPlace Place(NpgsqlDataReader row) => new(new(row.GetString(0)), row.GetInt64(1));

    public static Query RowsBehind(ImmutableArray<StreamPlace> places, int limit) => new(
        """
        select j.version, j.commit_id, j.at, j.member, j.schema, j.events::text, j.stream
          from unnest($1, $2) u(stream, version) join journal j on j.stream = u.stream collate "C" and j.version > u.version
         order by j.stream, j.version limit $3
        """,
        places.Select(static place => place.Stream.Value).ToArray(), places.Select(static place => place.Version).ToArray(), limit);

    public static StreamRow Row(NpgsqlDataReader row) => new(new(row.GetString(6)), StreamQueries.JournalRowAt(row, 0));
}

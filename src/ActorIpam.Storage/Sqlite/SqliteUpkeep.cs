using System.Collections.Immutable;
using ActorIpam.EventSourcing;

namespace ActorIpam.Storage.Sqlite;

/// <summary>Snapshots and retention. What writes runs inside a transaction of the writer's.</summary>
internal static class SqliteUpkeep
{
    private const string IsAnchored = "EXISTS (SELECT 1 FROM journal j WHERE j.stream = s.stream AND j.version = s.version AND j.commit_id = s.commit_id)";

    public static ImmutableArray<StreamLength> Lengths(SqliteConnection connection, string prefix, StreamId? after, int limit)
    {
        var lengths = ImmutableArray.CreateBuilder<StreamLength>();
        connection.Prepare(
            """
            SELECT h.id, h.version, h.commit_id, ifnull((SELECT max(s.version) FROM snapshot s WHERE s.stream = h.id), 0),
                   ifnull((SELECT s.version FROM snapshot s WHERE s.stream = h.id ORDER BY s.version DESC LIMIT 1 OFFSET 1), 0), j.version, j.at
            FROM stream h JOIN journal j ON j.stream = h.id AND j.version = (SELECT min(f.version) FROM journal f WHERE f.stream = h.id)
            WHERE h.id > ?1 AND h.id >= ?2 AND h.id < ?3 ORDER BY h.id LIMIT ?4
            """).With(after?.Value ?? "").With(prefix).With(prefix + '\uffff').With(limit).Into(lengths, static row => new StreamLength(
                new(row.Text(0)), new(row.Number(1), SqliteKeys.ToCommit(row.Bytes(2))), row.Number(3), row.Number(4), row.Number(5), SqliteKeys.ToTime(row.Number(6))));
        return lengths.ToImmutable();
    }

    public static bool Keep(SqliteConnection connection, Snapshot snapshot)
    {
        if (SqliteRows.CommitOf(connection, snapshot.Stream, snapshot.Head.Version) != snapshot.Head.Commit)
        {
            return false;
        }

        connection.Prepare("INSERT OR REPLACE INTO snapshot (stream, version, commit_id, schema, sha256, state) VALUES (?, ?, ?, ?, ?, ?)")
            .With(snapshot.Stream.Value).With(snapshot.Head.Version).With(snapshot.Head.Commit.Key()).With(snapshot.Schema).With(snapshot.Sha256).With(snapshot.State).Run();
        connection.Prepare($"DELETE FROM snapshot AS s WHERE s.stream = ? AND NOT {IsAnchored}").With(snapshot.Stream.Value).Run();
        connection.Prepare("DELETE FROM snapshot WHERE stream = ?1 AND version < (SELECT s.version FROM snapshot s WHERE s.stream = ?1 ORDER BY s.version DESC LIMIT 1 OFFSET 1)")
            .With(snapshot.Stream.Value).Run();
        return true;
    }

    public static int Cut(SqliteConnection connection, StreamId stream, Head covered, DateTimeOffset before, int most)
    {
        var isCovered = connection.Prepare($"SELECT 1 FROM snapshot s WHERE s.stream = ? AND s.version = ? AND s.commit_id = ? AND {IsAnchored}")
            .With(stream.Value).With(covered.Version).With(covered.Commit.Key()).Exists();
        var isFollowed = connection.Prepare($"SELECT 1 FROM snapshot s WHERE s.stream = ? AND s.version > ? AND {IsAnchored}")
            .With(stream.Value).With(covered.Version).Exists();
        return !isCovered || !isFollowed ? 0 : connection.Prepare(
            """
            DELETE FROM journal WHERE stream = ?1 AND version IN (
                SELECT o.version FROM journal o WHERE o.stream = ?1 AND o.version < ?2
                   AND o.version < ifnull((SELECT min(j.version) FROM journal j WHERE j.stream = ?1 AND j.version < ?2 AND j.at >= ?3), ?2)
                 ORDER BY o.version LIMIT ?4)
            """).With(stream.Value).With(covered.Version).With(before.UtcTicks).With(most).Run();
    }
}

using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using static ActorIpam.Domain.Views.IpamViewChange;

namespace ActorIpam.Storage.Sqlite;

/// <summary>What units write down for those who ask later, and what they blank or forget of it; inside the writer's transaction.</summary>
internal sealed class SqlitePastChanges(SqliteConnection connection)
{
    public bool HasTold(BlockHistoryRow row) =>
        connection.Prepare("SELECT 1 FROM block_history WHERE cidr = ? AND version = ?").With(row.Block.Key()).With(row.Version).Exists();

    public void Write(BlockPassed passed)
    {
        var cidr = passed.Block.Key();
        var last = connection.Prepare("SELECT ifnull(to_at, from_at) FROM block_history WHERE cidr = ? ORDER BY version DESC LIMIT 1").With(cidr)
            .First(static row => row.NumberOrNull(0));
        var at = Math.Max(passed.At.UtcTicks, last ?? 0);
        connection.Prepare("UPDATE block_history SET to_at = ?, ended = ? WHERE cidr = ? AND to_at IS NULL").With(at).With(passed.Ended).With(cidr).Run();
        if (passed.Begins is { } row)
        {
            connection.Prepare("INSERT INTO block_history (cidr, version, pool, owner, from_at, why) VALUES (?, ?, ?, ?, ?, ?)")
                .With(cidr).With(row.Version).With(row.Pool).With(row.Owner?.ToString()).With(at).With(row.Why).Run();
        }
    }

    public void Write(ResourceRow row, DateTimeOffset at)
    {
        End(row.Kind, row.Name, at);
        connection.Prepare(
            """
            INSERT INTO resource_history (kind, name, place, uid, resource_version, body, from_at)
            SELECT ?1, ?2, ifnull(max(place), 0) + 1, ?3, ?4, ?5, max(?6, ifnull(max(to_at), 0)) FROM resource_history WHERE kind = ?1 AND name = ?2
            """).With(row.Kind).With(row.Name).With(row.Uid).With(row.ResourceVersion).With(row.Body).With(at.UtcTicks).Run();
    }

    public void End(string kind, string name, DateTimeOffset at) =>
        connection.Prepare("UPDATE resource_history SET to_at = max(?, from_at) WHERE kind = ? AND name = ? AND to_at IS NULL")
            .With(at.UtcTicks).With(kind).With(name).Run();

    public void Redact(IpAddress ip, long generation)
    {
        foreach (var table in (string[])["address", "address_history"])
        {
            connection.Prepare($"UPDATE {table} SET attributes = ? WHERE ip = ? AND generation = ?").With(SqliteKeys.Redacted).With(ip.Key()).With(generation).Run();
        }
    }

    public void Forget(DateTimeOffset before, int most)
    {
        connection.Prepare("INSERT INTO history_horizon (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = max(at, excluded.at)").With(before.UtcTicks).Run();
        Delete("address_history", "ip, place", "released_at", "released_at, ip, place", before, most);
        Delete("block_history", "cidr, version", "to_at", "to_at, cidr, version", before, most);
        Delete("resource_history", "kind, name, place", "to_at", "to_at, kind, name, place", before, most);
    }

    private void Delete(string table, string key, string ended, string order, DateTimeOffset before, int most) =>
        connection.Prepare($"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {ended} < ? ORDER BY {order} LIMIT ?)")
            .With(before.UtcTicks).With(most).Run();
}

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

    public void Retell(HoldingRetold retold)
    {
        connection.Prepare("DELETE FROM address_history WHERE ip = ? AND generation = ? AND why <> ?")
            .With(retold.Ip.Key()).With(retold.Generation).With(AddressHistoryRow.Repaired).Run();
        if (retold.Row is { Held: var held } row)
        {
            connection.Prepare(
                """
                INSERT INTO address_history (ip, place, block, generation, handle, owner, attributes, since, issued, pool, released_at, why)
                SELECT ?1, ifnull(max(place), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 FROM address_history WHERE ip = ?1
                """).With(held.Ip.Key()).With(held.Block.Key()).With(held.Generation).With(held.Handle).With(held.Holder.ToString())
                .With(held.IsRedacted ? SqliteKeys.Redacted : SqliteKeys.Pack(held.Attributes)).With(held.Since.UtcTicks).With(held.Issued?.UtcTicks)
                .With(row.Pool).With(row.ReleasedAt.UtcTicks).With(row.Why).Run();
        }
    }

    public void Retell(BlockRetold retold)
    {
        connection.Prepare("DELETE FROM block_history WHERE cidr = ? AND version >= ?").With(retold.Block.Key()).With(retold.From).Run();
        foreach (var row in retold.Rows)
        {
            connection.Prepare("INSERT INTO block_history (cidr, version, pool, owner, from_at, to_at, why, ended) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
                .With(row.Block.Key()).With(row.Version).With(row.Pool).With(row.Owner?.ToString()).With(row.From.UtcTicks).With(row.To?.UtcTicks)
                .With(row.Why).With(row.Ended).Run();
        }
    }

    public void Retell(ResourceRetold retold)
    {
        connection.Prepare("DELETE FROM resource_history WHERE kind = ? AND name = ?").With(retold.Kind).With(retold.Name).Run();
        foreach (var (place, row) in retold.Rows.Index())
        {
            connection.Prepare("INSERT INTO resource_history (kind, name, place, uid, resource_version, body, from_at, to_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
                .With(retold.Kind).With(retold.Name).With(place + 1L).With(row.Row.Uid).With(row.Row.ResourceVersion).With(row.Row.Body)
                .With(row.From.UtcTicks).With(row.To?.UtcTicks).Run();
        }
    }

    private void Delete(string table, string key, string ended, string order, DateTimeOffset before, int most) =>
        connection.Prepare($"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {ended} < ? ORDER BY {order} LIMIT ?)")
            .With(before.UtcTicks).With(most).Run();
}

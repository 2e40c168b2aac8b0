using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using static ActorIpam.Domain.Views.IpamViewChange;

namespace ActorIpam.Storage.Sqlite;

/// <summary>Applies what units change in the views, inside the writer's transaction, after it was seen to fit.</summary>
internal sealed class SqliteViewChanges(SqliteConnection connection)
{
    private readonly SqlitePastChanges _past = new(connection);

    /// <summary>Null when every change fits what is stored, else one sentence about the first that does not.</summary>
    public string? MisfitOf(Unit unit)
    {
        foreach (var change in unit.Views)
        {
            var misfit = change switch
            {
                AddressHeld(var row) when IsHeld(row) => $"INV-1: {row.Ip} is held already.",
                AddressFreed freed when !IsHeld(freed) => $"INV-2: {freed.Ip} is not held under generation {freed.Generation}.",
                BlockGone(var block) when !connection.Prepare("SELECT 1 FROM block WHERE cidr = ?").With(block.Key()).Exists() =>
                    $"INV-5: the block {block} does not exist.",
                BlockPassed { Begins: { } row } when _past.HasTold(row) => $"INV-5: the history of {row.Block} tells of version {row.Version} already.",
                _ => null,
            };
            if (misfit is not null)
            {
                return misfit;
            }
        }

        return null;
    }

    public void Write(Unit unit)
    {
        foreach (var change in unit.Views.OrderBy(static change => ((IpamViewChange)change).Place))
        {
            var changed = change switch
            {
                AddressHeld(var row) => Hold(row),
                AddressFreed freed => Free(freed),
                BlockStands(var row) => Stand(row),
                BlockGone(var block) => connection.Prepare("DELETE FROM block WHERE cidr = ?").With(block.Key()).Run(),
                ResourceStored(var row) => Store(row, unit.At),
                // A resource that is not there may go: then there is nothing to write.
                ResourceGone(var kind, var name) => Drop(kind, name, unit.At),
                // What was stored anew meanwhile stays.
                RequestForgotten(var id, var at) => Math.Max(1, connection.Prepare("DELETE FROM request WHERE id = ? AND at = ?").With(id).With(at.UtcTicks).Run()),
                CloseForgotten(var handle, var through) =>
                    Math.Max(1, connection.Prepare("DELETE FROM handle WHERE id = ? AND closed_through = ?").With(handle).With(through.UtcTicks).Run()),
                BlockPassed or IpamViewChange { IsLate: true } => Tell(change),
                _ => 0,
            };
            Invariant.Holds(changed == 1, "INV-7", $"{change} changed {changed} rows.");
        }
    }

    private bool IsHeld(AddressRow row) => connection.Prepare("SELECT 1 FROM address WHERE ip = ?").With(row.Ip.Key()).Exists();

    private bool IsHeld(AddressFreed freed) =>
        connection.Prepare("SELECT 1 FROM address WHERE ip = ? AND generation = ?").With(freed.Ip.Key()).With(freed.Generation).Exists();

    private int Hold(AddressRow row) =>
        connection.Prepare("INSERT INTO address (ip, block, generation, handle, owner, attributes, since, issued) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .With(row.Ip.Key()).With(row.Block.Key()).With(row.Generation).With(row.Handle).With(row.Holder.ToString())
            .With(SqliteKeys.Pack(row.Attributes)).With(row.Since.UtcTicks).With(row.Issued?.UtcTicks).Run();

    private int Free(AddressFreed freed)
    {
        connection.Prepare(
            """
            INSERT INTO address_history (ip, place, block, generation, handle, owner, attributes, since, issued, pool, released_at, why)
            SELECT ip, (SELECT ifnull(max(place), 0) + 1 FROM address_history AS past WHERE past.ip = address.ip),
                   block, generation, handle, owner, attributes, since, issued, ?1, ?2, ?3
            FROM address WHERE ip = ?4
            """).With(freed.Pool).With(freed.ReleasedAt.UtcTicks).With(freed.Why).With(freed.Ip.Key()).Run();
        return connection.Prepare("DELETE FROM address WHERE ip = ? AND generation = ?").With(freed.Ip.Key()).With(freed.Generation).Run();
    }

    private int Stand(BlockRow row) =>
        connection.Prepare($"INSERT OR REPLACE INTO block ({SqliteRows.BlockColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .With(row.Block.Key()).With(row.Pool).With(row.Owner?.ToString()).With(row.Version).With(row.Size).With(row.Free).With(row.Assigned)
            .With(row.Cooling).With(row.HostReserved).With(row.Borrowed).With(row.ClaimedAt?.UtcTicks).With(row.CoolingSince?.UtcTicks).Run();

    private int Store(ResourceRow row, DateTimeOffset at)
    {
        _past.Write(row, at);
        return connection.Prepare("INSERT OR REPLACE INTO resource (kind, name, uid, resource_version, body) VALUES (?, ?, ?, ?, ?)")
            .With(row.Kind).With(row.Name).With(row.Uid).With(row.ResourceVersion).With(row.Body).Run();
    }

    private int Drop(string kind, string name, DateTimeOffset at)
    {
        _past.End(kind, name, at);
        connection.Prepare("DELETE FROM resource WHERE kind = ? AND name = ?").With(kind).With(name).Run();
        return 1;
    }

    /// <summary>These may find nothing to change, or more than one row.</summary>
    private int Tell(ViewChange change)
    {
        switch (change)
        {
            case BlockPassed passed:
                _past.Write(passed);
                break;
            case AttributesRedacted(var ip, var generation):
                _past.Redact(ip, generation);
                break;
            case HistoryForgotten(var before, var most):
                _past.Forget(before, most);
                break;
            case HoldingRetold retold:
                _past.Retell(retold);
                break;
            case BlockRetold retold:
                _past.Retell(retold);
                break;
            case ResourceRetold retold:
                _past.Retell(retold);
                break;
        }

        return 1;
    }
}

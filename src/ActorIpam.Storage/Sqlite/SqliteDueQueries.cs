using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;

namespace ActorIpam.Storage.Sqlite;

/// <summary>The questions of sweepers: each walks an index from where the page before ended.</summary>
internal static class SqliteDueQueries
{
    public static ImmutableArray<BlockRow> CoolingThrough(SqliteConnection connection, DateTimeOffset through, int limit)
    {
        var rows = ImmutableArray.CreateBuilder<BlockRow>();
        connection.Prepare(
            $"""
            SELECT {SqliteRows.BlockColumns} FROM block INDEXED BY block_cooling
            WHERE cooling_since IS NOT NULL AND cooling_since <= ? ORDER BY cooling_since, cidr LIMIT ?
            """).With(through.UtcTicks).With(limit).Into(rows, SqliteRows.Block);
        return rows.ToImmutable();
    }

    public static ImmutableArray<BlockRow> EmptyBlocks(SqliteConnection connection, Cidr? after, int limit)
    {
        var rows = ImmutableArray.CreateBuilder<BlockRow>();
        connection.Prepare(
            $"""
            SELECT {SqliteRows.BlockColumns} FROM block INDEXED BY block_empty
            WHERE owner IS NOT NULL AND assigned = 0 AND cooling = 0 AND cidr > ?
              AND EXISTS (SELECT 1 FROM block o WHERE o.owner = block.owner AND o.cidr <> block.cidr AND length(o.cidr) = length(block.cidr)) ORDER BY cidr LIMIT ?
            """).With(after?.Key() ?? []).With(limit).Into(rows, SqliteRows.Block);
        return rows.ToImmutable();
    }

    public static ImmutableArray<OldRequest> OldRequests(SqliteConnection connection, DateTimeOffset before, OldRequest? after, int limit)
    {
        var rows = new List<RequestRow>();
        connection.Prepare(
            """
            SELECT id, digest, issued, grants, at FROM request INDEXED BY request_at
            WHERE at < ? AND (at, id) > (?, ?) ORDER BY at, id LIMIT ?
            """).With(before.UtcTicks).With(after?.At.UtcTicks ?? 0).With(after?.Id ?? "").With(limit).Into(rows, SqliteRows.Request);
        return [.. rows.Select(row => new OldRequest(row.Id, row.At, row.Grant, row.Grant.Any(grant => IsHeld(connection, grant))))];
    }

    public static ImmutableArray<ClosedHandle> ClosedHandles(SqliteConnection connection, string? after, int limit)
    {
        var rows = ImmutableArray.CreateBuilder<ClosedHandle>();
        connection.Prepare(
            """
            SELECT id, closed_through, at, EXISTS (SELECT 1 FROM address AS a WHERE a.handle = handle.id),
                   EXISTS (SELECT 1 FROM address AS a WHERE a.handle = handle.id AND (a.issued IS NULL OR a.issued <= closed_through))
            FROM handle WHERE id > ? ORDER BY id LIMIT ?
            """).With(after ?? "").With(limit).Into(rows, static row => new ClosedHandle(
                row.Text(0), SqliteKeys.ToTime(row.Number(1)), SqliteKeys.ToTime(row.Number(2)), row.Number(3) != 0, row.Number(4) != 0));
        return rows.ToImmutable();
    }

    private static bool IsHeld(SqliteConnection connection, Grant grant) =>
        connection.Prepare("SELECT 1 FROM address WHERE ip = ? AND generation = ?").With(grant.Ip.Key()).With(grant.Generation).Exists();
}

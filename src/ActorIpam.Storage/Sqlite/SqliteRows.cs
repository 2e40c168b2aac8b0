using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using static ActorIpam.Storage.Sqlite.SqliteKeys;

namespace ActorIpam.Storage.Sqlite;

/// <summary>Rows of the tables as rows of the domain. The lists of columns stand beside what reads them.</summary>
internal static class SqliteRows
{
    public const string AddressColumns = "a.ip, a.block, a.generation, a.handle, a.owner, a.attributes, a.since, a.issued";

    public const string BlockColumns =
        "cidr, pool, owner, version, size, free, assigned, cooling, host_reserved, borrowed, claimed_at, cooling_since";

    public static AddressRow Address(SqliteStatement row) => new(
        ToIp(row.Bytes(0)),
        ToCidr(row.Bytes(1)),
        row.Number(2),
        row.TextOrNull(3),
        Owner.Parse(row.Text(4)),
        UnpackAttributes(row.TextOrNull(5)),
        ToTime(row.Number(6)),
        ToTime(row.NumberOrNull(7)));

    /// <summary>The columns of an address, then pool, released_at and why.</summary>
    public static AddressHistoryRow PastAddress(SqliteStatement row) => new(Address(row), row.Text(8), ToTime(row.Number(9)), row.Text(10));

    public static BlockRow Block(SqliteStatement row) => new(
        ToCidr(row.Bytes(0)),
        row.Text(1),
        row.TextOrNull(2) is { } owner ? Owner.Parse(owner) : null,
        row.Number(3),
        (int)row.Number(4),
        (int)row.Number(5),
        (int)row.Number(6),
        (int)row.Number(7),
        (int)row.Number(8),
        (int)row.Number(9),
        ToTime(row.NumberOrNull(10)),
        ToTime(row.NumberOrNull(11)));

    public static BlockTotals Totals(SqliteStatement row) =>
        new(row.Number(0), row.Number(1), row.Number(2), row.Number(3), row.Number(4), row.Number(5), row.Number(6));

    public static JournalRow Journal(SqliteStatement row) => new(
        row.Number(0), ToCommit(row.Bytes(1)), ToTime(row.Number(2)), row.Text(3), (int)row.Number(4), row.Text(5));

    public static ResourceRow Resource(SqliteStatement row) => new(row.Text(0), row.Text(1), row.Text(2), row.Number(3), row.Text(4));

    public static Head HeadOf(SqliteConnection connection, StreamId stream) =>
        connection.Prepare("SELECT version, commit_id FROM stream WHERE id = ?").With(stream.Value)
            .First(static row => new Head(row.Number(0), ToCommit(row.Bytes(1))));

    public static RequestRow? RequestOf(SqliteConnection connection, string id) =>
        connection.Prepare("SELECT id, digest, issued, grants, at FROM request WHERE id = ?").With(id)
            .First(Request);

    /// <summary>The columns id, digest, issued, grants, at.</summary>
    public static RequestRow Request(SqliteStatement row) =>
        new(row.Text(0), row.Text(1), ToTime(row.NumberOrNull(2)), UnpackGrants(row.Bytes(3)), ToTime(row.Number(4)));

    public static DateTimeOffset? ClosedThrough(SqliteConnection connection, string handle) =>
        connection.Prepare("SELECT closed_through FROM handle WHERE id = ?").With(handle).First(static row => (DateTimeOffset?)ToTime(row.Number(0)));

    /// <summary>The commit that wrote a version of a stream, if its row is kept.</summary>
    public static CommitId? CommitOf(SqliteConnection connection, StreamId stream, long version) =>
        connection.Prepare("SELECT commit_id FROM journal WHERE stream = ? AND version = ?").With(stream.Value).With(version)
            .First(static row => (CommitId?)ToCommit(row.Bytes(0)));
}

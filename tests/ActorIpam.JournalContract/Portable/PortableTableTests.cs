using ActorIpam.JournalContract.Postgres;
using ActorIpam.Storage.Portable;
using ActorIpam.Storage.Sqlite;
using Npgsql;
using Shouldly;
using Xunit;

namespace ActorIpam.JournalContract.Portable;

/// <summary>A backup holds every column of every table: one that a later step adds must be carried over, or be named here with a reason.</summary>
public sealed class PortableTableTests
{
    /// <summary>What belongs to one storage: the beats of members, its own version, where it was moved, and places that storages give by themselves. Columns the server computes from others are asked for nowhere.</summary>
    private static readonly string[] LeftOut =
        ["member.*", "schema_version.*", "moved.*", "sqlite_sequence.*", "address_history.place", "address_history.number", "resource_history.place", "resource_history.number"];

    [Fact]
    public async Task Every_column_of_sqlite_is_carried_over()
    {
        await using var place = await Place.NewAsync(StorageKind.Sqlite);
        await (await place.OpenAsync()).DisposeAsync();
        using var connection = SqliteOpening.OpenReader(((JournalPlace.Sqlite)place.Journal).File, new());
        var columns = new List<string>();
        connection.Prepare("SELECT m.name || '.' || c.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table'").Into(columns, static row => row.Text(0));
        columns.Where(IsCarried).Order(StringComparer.Ordinal).ShouldBe(Carried(static column => [column.Name]));
    }

    [Fact]
    public async Task Every_column_of_postgresql_is_carried_over()
    {
        var server = await PostgresServer.SharedAsync();
        await using var place = await Place.NewAsync(StorageKind.Postgres);
        await (await place.OpenAsync()).DisposeAsync();
        await using var source = NpgsqlDataSource.Create(((JournalPlace.Postgres)place.Journal).ConnectionString);
        await using var command = source.CreateCommand("select table_name || '.' || column_name from information_schema.columns where table_schema = 'actor_ipam' and is_generated = 'NEVER'");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var columns = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            columns.Add(reader.GetString(0));
        }

        columns.Where(IsCarried).Order(StringComparer.Ordinal).ShouldBe(Carried(static column => column.Kind == ColumnKind.Grants ? ["ips", "generations"] : [column.Postgres]));
    }

    private static bool IsCarried(string column) => !LeftOut.Contains(column) && !LeftOut.Contains(column.Split('.')[0] + ".*");

    private static IEnumerable<string> Carried(Func<PortableColumn, string[]> names) =>
        PortableTable.All.SelectMany(table => table.Columns.SelectMany(names).Select(name => $"{table.Name}.{name}")).Order(StringComparer.Ordinal);
}

using System.Globalization;
using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>Brings the tables to the version this program knows.</summary>
/// <remarks>All steps are one transaction under one lock: members that start together do it once, and a failed step leaves nothing.</remarks>
internal static class SchemaVersions
{
    /// <summary>The steps by number, oldest first.</summary>
    public static IReadOnlyList<SchemaStep> Steps { get; } = SchemaStep.ReadAll("Postgres.Schema.");

    /// <exception cref="PostgresStartException">The tables were made by a newer program.</exception>
    public static async Task RaiseAsync(NpgsqlConnection connection, string schema)
    {
        await using var change = await connection.BeginTransactionAsync();
        await RunAsync(connection, $"set local lock_timeout = '60s'; set local idle_in_transaction_session_timeout = 0; select pg_advisory_xact_lock(hashtext('{schema}'), 1)");
        // Asked first: an account without the right to create may use what is there.
        if (await ScalarAsync(connection, $"select to_regnamespace('{schema}') is null") is true)
        {
            await RunAsync(connection, $"create schema {schema}");
        }

        if (await ScalarAsync(connection, "select to_regclass('schema_version') is null") is true)
        {
            await RunAsync(connection, "create table schema_version (version integer primary key, at timestamptz not null default now())");
        }

        var stored = (int)(await ScalarAsync(connection, "select coalesce(max(version), 0) from schema_version"))!;
        if (stored > Steps[^1].Version)
        {
            throw new PostgresStartException(
                $"The tables in PostgreSQL schema {schema} have version {stored}, but this program knows them only up to version {Steps[^1].Version}: start a newer program.");
        }

        foreach (var (version, sql) in Steps.Where(step => step.Version > stored))
        {
            await RunAsync(connection, sql);
            await RunAsync(connection, $"insert into schema_version (version) values ({version.ToString(CultureInfo.InvariantCulture)})");
        }

        if (await ScalarAsync(connection, "select target from moved") is string target)
        {
            throw new PostgresStartException($"The journal in PostgreSQL schema {schema} was moved to {target}: start members there. What is left here is only good as a backup.");
        }

        await change.CommitAsync();
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}

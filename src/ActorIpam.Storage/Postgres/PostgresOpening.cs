using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>What is looked at before the first unit: the server's promises and the tables.</summary>
internal static class PostgresOpening
{
    private const int OldestServer = 130_000;

    /// <returns>What an operator should know, one sentence each.</returns>
    /// <exception cref="PostgresStartException">The journal cannot be used; the message says why.</exception>
    public static async Task<string?> CheckAsync(NpgsqlDataSource source, PostgresOptions options)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync();
            var warning = await WarningOfAsync(connection);
            await SchemaVersions.RaiseAsync(connection, options.Schema);
            return warning;
        }
        catch (PostgresException refused)
        {
            throw new PostgresStartException(SentenceFor(refused), refused);
        }
        catch (Exception failure) when (AppendFailures.IsOfStorage(failure))
        {
            throw new PostgresStartException($"PostgreSQL cannot be reached: {(failure.InnerException ?? failure).Message}.".Replace("..", ".", StringComparison.Ordinal), failure);
        }
    }

    private static async Task<string?> WarningOfAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            "select current_setting('server_version_num')::integer, current_setting('fsync'), current_setting('synchronous_commit'), current_setting('synchronous_standby_names')",
            connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        if (reader.GetInt32(0) < OldestServer)
        {
            throw new PostgresStartException($"PostgreSQL {connection.PostgreSqlVersion} is too old: version 13 or newer is needed.");
        }

        if (reader.GetString(1) == "off")
        {
            throw new PostgresStartException("PostgreSQL runs with fsync=off and may lose what it acknowledged: switch fsync on.");
        }

        if (reader.GetString(2) is "off" or "local")
        {
            throw new PostgresStartException($"PostgreSQL runs with synchronous_commit={reader.GetString(2)} and may lose what it acknowledged: set it to on for this account.");
        }

        return reader.GetString(3).Length == 0
            ? "No synchronous standby is named (synchronous_standby_names is empty): a fail-over may lose acknowledged assignments."
            : null;
    }

    private static string SentenceFor(PostgresException refused) => refused.SqlState switch
    {
        "28P01" or "28000" => $"PostgreSQL does not accept the account: {refused.MessageText}.",
        "3D000" => $"PostgreSQL has no such database: {refused.MessageText}.",
        "42501" => $"The PostgreSQL account lacks a right that is needed to create or use the tables: {refused.MessageText}.",
        "3F000" => "The PostgreSQL account lacks a right that is needed to use the tables: USAGE on their schema.",
        "25006" => "PostgreSQL is read-only here: connect to the primary.",
        "55P03" => "Another member has been changing the tables for a minute: start again when it is done.",
        _ => $"PostgreSQL refused to start the journal ({refused.SqlState}): {refused.MessageText}.",
    };
}

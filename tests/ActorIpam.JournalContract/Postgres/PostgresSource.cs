using System.Globalization;
using ActorIpam.Domain.Access;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.Storage.Postgres;
using Npgsql;

namespace ActorIpam.JournalContract.Postgres;

/// <summary>A schema of its own for each journal, in one server.</summary>
public sealed class PostgresSource : IJournalSource
{
    private static int _schemas;

    public async Task<IJournalUnderTest> OpenAsync() => await NewAsync();

    internal static async Task<PostgresUnderTest> NewAsync(int appendConnections = 4)
    {
        var server = await PostgresServer.SharedAsync();
        var schema = "t" + Interlocked.Increment(ref _schemas).ToString(CultureInfo.InvariantCulture);
        var options = new PostgresOptions { Schema = schema, AppendConnections = appendConnections, ReadConnections = 4 };
        return new(await PostgresJournal.OpenAsync(server.ConnectionString, options, TimeProvider.System), server.ConnectionString, options);
    }
}

/// <summary>A journal and a way behind its back.</summary>
internal sealed class PostgresUnderTest(PostgresJournal journal, string connectionString, PostgresOptions options) : IJournalUnderTest
{
    private readonly NpgsqlDataSource _behind = NpgsqlDataSource.Create($"{connectionString};Search Path={options.Schema};Maximum Pool Size=8");

    public string ConnectionString => connectionString;

    public PostgresOptions Options => options;

    public IJournal Journal => journal;

    public IViews Views => journal;

    public ITokens Tokens => journal.Tokens;

    public ValueTask<NpgsqlConnection> ConnectAsync() => _behind.OpenConnectionAsync();

    public async Task<long> RunAsync(string sql)
    {
        await using var command = _behind.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is { } value and not DBNull and not string ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : 0;
    }

    public async ValueTask DisposeAsync()
    {
        await journal.DisposeAsync();
        await RunAsync($"drop schema {options.Schema} cascade");
        await _behind.DisposeAsync();
    }
}

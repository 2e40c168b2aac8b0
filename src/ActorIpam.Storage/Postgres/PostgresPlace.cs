using System.Data;
using System.Runtime.CompilerServices;
using ActorIpam.Storage.Portable;
using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>A PostgreSQL journal in one transaction, for what reads or fills it as a whole.</summary>
internal sealed class PostgresPlace : IAsyncDisposable
{
    /// <summary>Members write their row every second; a row that is older than this is of one that is gone.</summary>
    private const string Lively = "15 seconds";

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly string _schema;

    private PostgresPlace(NpgsqlDataSource source, NpgsqlConnection connection, NpgsqlTransaction transaction, string schema) =>
        (_source, _connection, _transaction, _schema) = (source, connection, transaction, schema);

    public NpgsqlConnection Connection => _connection;

    /// <param name="connectionString">The journal's.</param>
    /// <param name="level">How the transaction sees what others commit.</param>
    /// <exception cref="CareException">The server does not answer or refuses.</exception>
    public static async Task<PostgresPlace> OpenAsync(string connectionString, IsolationLevel level)
    {
        NpgsqlDataSource? source = null;
        try
        {
            var options = new PostgresOptions();
            source = PostgresConnections.ForCare(connectionString, options);
            var connection = await source.OpenConnectionAsync();
            return new(source, connection, await connection.BeginTransactionAsync(level), options.Schema);
        }
        catch (Exception failure) when (failure is PostgresStartException || AppendFailures.IsOfStorage(failure))
        {
            if (source is not null)
            {
                await source.DisposeAsync();
            }

            throw Failed(failure);
        }
    }

    public static CareException Failed(Exception failure) => failure is PostgresStartException
        ? new(failure.Message, failure)
        : new($"PostgreSQL: {(failure is PostgresException refused ? refused.MessageText : (failure.InnerException ?? failure).Message)}", failure);

    /// <summary>Keeps members from starting on it until the transaction ends: they take the same lock when they look at the tables.</summary>
    public Task HoldStartsAsync(CancellationToken cancellation) => RunAsync($"select pg_advisory_xact_lock(hashtext('{_schema}'), 1)", cancellation);

    /// <summary>Refuses when a member is at work on it.</summary>
    public async Task MustBeStoppedAsync(CancellationToken cancellation)
    {
        if (await ScalarAsync($"select string_agg(id, ', ' order by id) from member where at > clock_timestamp() - interval '{Lively}'", cancellation) is string members)
        {
            throw new CareException($"Members use this journal: {members}. Stop them first; one that was killed is forgotten after {Lively}.");
        }
    }

    /// <exception cref="CareException">It is no journal, or of another release.</exception>
    public async Task MustBeReadableAsync(CancellationToken cancellation)
    {
        if (await ScalarAsync("select to_regclass('schema_version') is null", cancellation) is true)
        {
            throw new CareException($"There is no journal of ActorIpam in schema {_schema} of this database.");
        }

        var (stored, known) = ((int)(await ScalarAsync("select coalesce(max(version), 0) from schema_version", cancellation))!, SchemaVersions.Steps[^1].Version);
        if (stored != known)
        {
            throw new CareException(stored > known
                ? $"The tables have version {stored}, this program knows them up to {known}: use a newer one."
                : $"The tables have version {stored} of an earlier release: use that release, or start a member of this one first, which brings them to {known}.");
        }
    }

    public async Task<bool> IsEmptyAsync(CancellationToken cancellation) =>
        await ScalarAsync($"select {string.Join(" or ", PortableTable.All.Select(static table => table.Name).Append("moved").Select(static name => $"exists (select from {name})"))}", cancellation) is false;

    public async IAsyncEnumerable<PortableRow> RowsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var table in PortableTable.All)
        {
            await using var command = new NpgsqlCommand(PostgresRowCodec.Select(table), _connection);
            await using var reader = await ReaderAsync(command, cancellation);
            while (await NextAsync(reader, cancellation))
            {
                yield return PostgresRowCodec.Read(table, reader);
            }
        }
    }

    public async Task RunAsync(string sql, CancellationToken cancellation, params object[] values)
    {
        try
        {
            await using var command = new NpgsqlCommand(sql, _connection);
            command.Parameters.AddRange(new Query(sql, values).Parameters);
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (Exception failure) when (AppendFailures.IsOfStorage(failure))
        {
            throw Failed(failure);
        }
    }

    public async Task<object?> ScalarAsync(string sql, CancellationToken cancellation)
    {
        try
        {
            await using var command = new NpgsqlCommand(sql, _connection);
            return await command.ExecuteScalarAsync(cancellation);
        }
        catch (Exception failure) when (AppendFailures.IsOfStorage(failure))
        {
            throw Failed(failure);
        }
    }

    public async Task CommitAsync(CancellationToken cancellation)
    {
        try
        {
            await _transaction.CommitAsync(cancellation);
        }
        catch (Exception failure) when (AppendFailures.IsOfStorage(failure))
        {
            throw Failed(failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
        await _source.DisposeAsync();
    }

    private static async Task<NpgsqlDataReader> ReaderAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        try
        {
            return await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation);
        }
        catch (Exception failure) when (AppendFailures.IsOfStorage(failure))
        {
            throw Failed(failure);
        }
    }

    private static async Task<bool> NextAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadAsync(cancellation);
        }
        catch (Exception failure) when (AppendFailures.IsOfStorage(failure))
        {
            throw Failed(failure);
        }
    }
}

using System.Collections.Immutable;
using System.Data;
using ActorIpam.EventSourcing;
using Npgsql;
using NpgsqlTypes;

namespace ActorIpam.Storage.Postgres;

/// <summary>Runs queries: one statement is one instant, several share a snapshot.</summary>
internal sealed class PostgresReader(NpgsqlDataSource source) : IAsyncDisposable
{
    /// <exception cref="JournalUnavailableException">The server did not answer.</exception>
    public async ValueTask<ImmutableArray<T>> ListAsync<T>(Query query, Func<NpgsqlDataReader, T> row, CancellationToken cancellation)
    {
        try
        {
            await using var command = source.CreateCommand(query.Sql);
            command.Parameters.AddRange(query.Parameters);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            return await RowsAsync(reader, row, cancellation);
        }
        catch (Exception failure) when (AppendFailures.IsOfStorage(failure))
        {
            throw new JournalUnavailableException($"PostgreSQL does not answer: {failure.Message}", failure);
        }
    }

    public async ValueTask<T?> FindAsync<T>(Query query, Func<NpgsqlDataReader, T> row, CancellationToken cancellation)
        where T : class => (await ListAsync(query, row, cancellation)).FirstOrDefault();

    /// <summary>Two lists of one snapshot.</summary>
    /// <exception cref="JournalUnavailableException">The server did not answer.</exception>
    public async ValueTask<(ImmutableArray<T1> First, ImmutableArray<T2> Second)> ListsAsync<T1, T2>(
        Query first, Func<NpgsqlDataReader, T1> firstRow, Query second, Func<NpgsqlDataReader, T2> secondRow, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
            await using var batch = new NpgsqlBatch(connection, snapshot);
            batch.BatchCommands.Add(first.Command());
            batch.BatchCommands.Add(second.Command());
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            var firsts = await RowsAsync(reader, firstRow, cancellation);
            await reader.NextResultAsync(cancellation);
            return (firsts, await RowsAsync(reader, secondRow, cancellation));
        }
        catch (Exception failure) when (AppendFailures.IsOfStorage(failure))
        {
            throw new JournalUnavailableException($"PostgreSQL does not answer: {failure.Message}", failure);
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private static async Task<ImmutableArray<T>> RowsAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> row, CancellationToken cancellation)
    {
        var rows = ImmutableArray.CreateBuilder<T>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(row(reader));
        }

        return rows.ToImmutable();
    }
}

/// <summary>A statement and its parameters, in the order of their places. Addresses and ranges travel as text and are cast in the statement.</summary>
internal sealed record Query(string Sql, params object?[] Values)
{
    public NpgsqlParameter[] Parameters => [.. Values.Select(Parameter)];

    public NpgsqlBatchCommand Command()
    {
        var command = new NpgsqlBatchCommand(Sql);
        command.Parameters.AddRange(Parameters);
        return command;
    }

    private static NpgsqlParameter Parameter(object? value) => value switch
    {
        null => new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
        string text => new() { Value = text, NpgsqlDbType = NpgsqlDbType.Text },
        string[] texts => new() { Value = texts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
        _ => new() { Value = value },
    };
}

using System.Collections.Immutable;
using System.Data;
using ActorIpam.EventSourcing;
using Npgsql;
using NpgsqlTypes;

namespace ActorIpam.Storage.Postgres;

/// <summary>One append connection: takes one batch at a time and says what became of it.</summary>
/// <remarks>
/// Rows leave the server before the commit does. An outcome counts only after the reader was read to its end and closed, and no notice of
/// class 01 or 57 came with it. Who does not answer in time is abandoned, never cancelled.
/// </remarks>
internal sealed class AppendLane(NpgsqlDataSource source, PostgresOptions options, TimeProvider time) : IAsyncDisposable
{
    private const string Call = "select unit, outcome, detail::text from append_units($1, $2, $3, $4, $5, $6, $7, $8)";

    private NpgsqlConnection? _connection;
    private string? _alarm;

    /// <summary>Sends a batch once.</summary>
    public async Task<AppendResult> SendAsync(IReadOnlyList<Unit> units)
    {
        using var giveUp = new CancellationTokenSource();
        var answer = AnswerAsync(units);
        var late = Task.Delay(options.AnswerTimeout, time, giveUp.Token);
        if (await Task.WhenAny(answer, late) == answer)
        {
            await giveUp.CancelAsync();
            return await answer;
        }

        _ = AbandonAsync(answer, _connection);
        _connection = null;
        return new(AppendFailure.Unknown, $"PostgreSQL gave no answer in {options.AnswerTimeout.TotalSeconds:0.#} s.");
    }

    /// <summary>The next batch goes over a fresh connection.</summary>
    public async ValueTask RenewAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    public ValueTask DisposeAsync() => RenewAsync();

    private async Task<AppendResult> AnswerAsync(IReadOnlyList<Unit> units)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await ConnectAsync();
            _alarm = null;
            var rows = await ReadToTheEndAsync(connection, units);
            return _alarm is { } alarm
                ? new(AppendFailure.Unknown, $"PostgreSQL warned during the commit: {alarm}")
                : rows.Count == units.Count
                    ? new(rows)
                    : new(AppendFailure.Unknown, $"PostgreSQL answered {rows.Count} of {units.Count} units.");
        }
        catch (Exception failure) when (AppendFailures.IsOfStorage(failure))
        {
            return new(AppendFailures.Judge(failure, connection?.FullState == ConnectionState.Open), failure.Message);
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        if (_connection?.FullState == ConnectionState.Open)
        {
            return _connection;
        }

        await RenewAsync();
        var connection = source.CreateConnection();
        connection.Notice += (_, message) =>
        {
            if (message.Notice.SqlState is { } state && (state.StartsWith("01", StringComparison.Ordinal) || state.StartsWith("57", StringComparison.Ordinal)))
            {
                _alarm = message.Notice.MessageText;
            }
        };
        _connection = connection;
        await connection.OpenAsync(CancellationToken.None);
        return connection;
    }

    private static async Task<List<Outcome>> ReadToTheEndAsync(NpgsqlConnection connection, IReadOnlyList<Unit> units)
    {
        var outline = new BatchOutline(units);
        await using var command = new NpgsqlCommand(Call, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = BatchDocument.Write(units), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = outline.Exclusive });
        command.Parameters.Add(new() { Value = outline.Plain });
        foreach (var keys in (string[][])[outline.Locked, outline.Closing, outline.Opening, outline.Requested])
        {
            command.Parameters.Add(new() { Value = keys, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        }

        command.Parameters.Add(new() { Value = outline.OnlyQuestions });
        var outcomes = new List<Outcome>(units.Count);
        await using (var reader = await command.ExecuteReaderAsync(CancellationToken.None))
        {
            do
            {
                while (await reader.ReadAsync(CancellationToken.None))
                {
                    outcomes.Add(OutcomeRow.Read(reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2)));
                }
            }
            while (await reader.NextResultAsync(CancellationToken.None));
        }

        return outcomes;
    }

    /// <summary>Lets a call that nobody waits for any more end by itself, then closes its connection.</summary>
    private static async Task AbandonAsync(Task answer, NpgsqlConnection? connection)
    {
        await answer;
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }
}

/// <summary>What one sending brought: outcomes, or why there are none.</summary>
internal sealed record AppendResult(IReadOnlyList<Outcome>? Outcomes, AppendFailure Failure, string Why)
{
    public AppendResult(IReadOnlyList<Outcome> outcomes)
        : this(outcomes, default, "")
    {
    }

    public AppendResult(AppendFailure failure, string why)
        : this(null, failure, why)
    {
    }
}

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
internal sealed class AppendLane(NpgsqlDataSource source, PostgresOptions options, TimeProvider time, KnownRequests known) : IAsyncDisposable
{
    private const NpgsqlDbType TextArray = NpgsqlDbType.Array | NpgsqlDbType.Text;

    private const string Call = "select unit, outcome, detail::text from append_units($1, $2, $3, $4, $5, $6, $7, $8)";

    private static readonly string PlainCall = $"select append_plain({string.Join(", ", PlainBatch.Types.Select((_, i) => FormattableString.Invariant($"${i + 1}")))})";

    private static readonly NpgsqlDbType[] Types =
    [
        NpgsqlDbType.Jsonb, NpgsqlDbType.Boolean, NpgsqlDbType.Boolean, TextArray, TextArray, TextArray, TextArray, NpgsqlDbType.Boolean,
    ];

    private NpgsqlConnection? _connection;
    private NpgsqlCommand? _call, _plainCall;
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
        (_connection, _call, _plainCall) = (null, null, null);
        return new(AppendFailure.Unknown, $"PostgreSQL gave no answer in {options.AnswerTimeout.TotalSeconds:0.#} s.");
    }

    /// <summary>The next batch goes over a fresh connection.</summary>
    public async ValueTask RenewAsync()
    {
        if (_connection is { } connection)
        {
            (_connection, _call, _plainCall) = (null, null, null);
            await connection.DisposeAsync();
        }
    }

    public ValueTask DisposeAsync() => RenewAsync();

    private async Task<AppendResult> AnswerAsync(IReadOnlyList<Unit> units)
    {
        try
        {
            var (plainCall, call) = await PreparedAsync();
            _alarm = null;
            var rows = await JudgedAsync(plainCall, call, units);
            return _alarm is { } alarm
                ? new(AppendFailure.Unknown, $"PostgreSQL warned during the commit: {alarm}")
                : rows.Count == units.Count
                    ? new(rows)
                    : new(AppendFailure.Unknown, $"PostgreSQL answered {rows.Count} of {units.Count} units.");
        }
#pragma warning disable CA1031 // Whatever goes wrong between sending and the end of the answer, nobody knows what the server did: that is an outcome.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return new(AppendFailures.Judge(failure), failure.Message);
        }
    }

    /// <summary>As a set when it can be one, else unit by unit; a set that failed once is not tried again, nor one with a request that will be refused.</summary>
    private async Task<IReadOnlyList<Outcome>> JudgedAsync(NpgsqlCommand plainCall, NpgsqlCommand call, IReadOnlyList<Unit> units)
    {
        var outline = new BatchOutline(units);
        var isKnown = known.HasAny(outline.Requested);
        var plain = isKnown ? null : PlainBatch.Of(units, outline);
        var outcomes = plain is not null && await IsWrittenAsync(plainCall, plain.Values(units[0].Member, outline))
            ? [.. units.Select(static _ => Outcome.Won.Instance)]
            : await ReadToTheEndAsync(call, units, outline, asSet: outline.Plain && plain is null && !isKnown);
        known.Add(units, outcomes);
        return outcomes;
    }

    /// <summary>Both calls, prepared once a connection.</summary>
    /// <remarks>Prepared openly: the driver's automatic preparation loses count of its statements when one fails.</remarks>
    private async Task<(NpgsqlCommand Plain, NpgsqlCommand Careful)> PreparedAsync()
    {
        if (_call is { Connection.FullState: ConnectionState.Open } ready)
        {
            return (_plainCall!, ready);
        }

        await RenewAsync();
        var connection = source.CreateConnection();
        connection.Notice += (_, message) => Listen(message.Notice);
        _connection = connection;
        await connection.OpenAsync(CancellationToken.None);
        _plainCall = await PrepareAsync(connection, PlainCall, PlainBatch.Types);
        _call = await PrepareAsync(connection, Call, Types);
        return (_plainCall, _call);
    }

    private static async Task<NpgsqlCommand> PrepareAsync(NpgsqlConnection connection, string text, IEnumerable<NpgsqlDbType> types)
    {
        var call = new NpgsqlCommand(text, connection) { CommandTimeout = 0 };
        call.Parameters.AddRange(types.Select(type => new NpgsqlParameter { NpgsqlDbType = type }).ToArray());
        await call.PrepareAsync(CancellationToken.None);
        return call;
    }

    private void Listen(PostgresNotice notice)
    {
        if (notice.SqlState is { } state && (state.StartsWith("01", StringComparison.Ordinal) || state.StartsWith("57", StringComparison.Ordinal)))
        {
            _alarm = notice.MessageText;
        }
    }

    /// <returns>False when nothing was written because something of the batch was not as expected: then each unit is to be judged alone.</returns>
    private static async Task<bool> IsWrittenAsync(NpgsqlCommand call, IEnumerable<object> values)
    {
        var index = 0;
        foreach (var value in values)
        {
            call.Parameters[index++].Value = value;
        }

        try
        {
            var written = false;
            await using (var reader = await call.ExecuteReaderAsync(CancellationToken.None))
            {
                do
                {
                    while (await reader.ReadAsync(CancellationToken.None))
                    {
                        written = reader.GetBoolean(0);
                    }
                }
                while (await reader.NextResultAsync(CancellationToken.None));
            }

            return written;
        }
        catch (PostgresException surprise) when (AppendFailures.IsSurprise(surprise))
        {
            return false;
        }
    }

    private static async Task<List<Outcome>> ReadToTheEndAsync(NpgsqlCommand call, IReadOnlyList<Unit> units, BatchOutline outline, bool asSet)
    {
        object[] values =
        [
            BatchDocument.Write(units), outline.Exclusive, asSet, outline.Locked, outline.Closing, outline.Opening, outline.Requested, outline.OnlyQuestions,
        ];
        for (var index = 0; index < values.Length; index++)
        {
            call.Parameters[index].Value = values[index];
        }

        var outcomes = new List<Outcome>(units.Count);
        await using (var reader = await call.ExecuteReaderAsync(CancellationToken.None))
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

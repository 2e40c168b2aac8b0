using ActorIpam.EventSourcing;
using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>Takes one batch at a time to the server and says what became of it, over one connection for as long as that is good.</summary>
/// <remarks>
/// Rows leave the server before the commit does. An outcome counts only after the reader was read to its end and closed, and no notice of
/// class 01 or 57 came with it. Who does not answer in time is left, not cancelled; and before anything is sent again, its session is ended.
/// </remarks>
internal sealed class AppendLane(NpgsqlDataSource source, PostgresOptions options, TimeProvider time, KnownRequests known, LeftSessions left) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private AppendSession? _session;

    /// <summary>Sends a batch once.</summary>
    public async Task<AppendResult> SendAsync(IReadOnlyList<Unit> units)
    {
        using var giveUp = new CancellationTokenSource();
        var attempt = new Attempt();
        var answer = AnswerAsync(units, attempt);
        var late = Task.Delay(options.AnswerTimeout, time, giveUp.Token);
        if (await Task.WhenAny(answer, late) == answer)
        {
            await giveUp.CancelAsync();
            return await answer;
        }

        _ = CloseAsync(answer, Abandon(attempt));
        return new(AppendFailure.Unknown, $"PostgreSQL gave no answer in {options.AnswerTimeout.TotalSeconds:0.#} s.");
    }

    /// <summary>The next batch goes over a fresh connection, and what became of the last one is unknown: it may still be on its way over this one.</summary>
    public async ValueTask LeaveAsync()
    {
        if (_session is { } session)
        {
            left.Add(session.Id);
        }

        await RenewAsync();
    }

    /// <summary>The next batch goes over a fresh connection.</summary>
    public async ValueTask RenewAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync();
        }
    }

    public ValueTask DisposeAsync() => RenewAsync();

    private async Task<AppendResult> AnswerAsync(IReadOnlyList<Unit> units, Attempt attempt)
    {
        try
        {
            var session = await ReadyAsync();
            if (!Begin(attempt, session))
            {
                await session.DisposeAsync();
                return new(AppendFailure.Unknown, "It was given up before it was sent.");
            }

            session.Alarm = null;
            var rows = await JudgedAsync(session, units);
            return session.Alarm is { } alarm
                ? new(AppendFailure.Unknown, alarm)
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

    /// <summary>A session over which a batch may be sent: none that was left before can still run one.</summary>
    private async Task<AppendSession> ReadyAsync()
    {
        if (_session is not { IsOpen: true } session)
        {
            await RenewAsync();
            session = await AppendSession.OpenAsync(source);
        }

        try
        {
            await left.EndAsync(session);
            return session;
        }
        catch when (session != _session)
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>From here on the batch may be on its way.</summary>
    /// <returns>False when nobody waits for it any more.</returns>
    private bool Begin(Attempt attempt, AppendSession session)
    {
        lock (_gate)
        {
            if (attempt.IsAbandoned)
            {
                return false;
            }

            (attempt.Session, _session) = (session, session);
            return true;
        }
    }

    /// <summary>Nobody waits for it from here on, and the next batch goes over a fresh connection.</summary>
    /// <returns>The session that it has, or may still end others over.</returns>
    private AppendSession? Abandon(Attempt attempt)
    {
        lock (_gate)
        {
            attempt.IsAbandoned = true;
            if (attempt.Session is { } session)
            {
                left.Add(session.Id);
            }

            (var dropped, _session) = (_session, null);
            return dropped;
        }
    }

    /// <summary>Lets a call that nobody waits for any more end by itself, then closes its connection.</summary>
    private static async Task CloseAsync(Task answer, AppendSession? session)
    {
        await answer;
        if (session is not null)
        {
            await session.DisposeAsync();
        }
    }

    /// <summary>As a set when it can be one, else unit by unit; a set that failed once is not tried again, nor one with a request that will be refused.</summary>
    private async Task<IReadOnlyList<Outcome>> JudgedAsync(AppendSession session, IReadOnlyList<Unit> units)
    {
        var outline = new BatchOutline(units);
        var isKnown = known.HasAny(outline.Requested);
        var plain = isKnown ? null : PlainBatch.Of(units, outline);
        var outcomes = plain is not null && await IsWrittenAsync(session.PlainCall, plain.Values(units[0].Member, outline))
            ? [.. units.Select(static _ => Outcome.Won.Instance)]
            : await ReadToTheEndAsync(session.Call, units, outline, asSet: outline.Plain && plain is null && !isKnown);
        known.Add(units, outcomes);
        return outcomes;
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

    /// <summary>One sending, as far as it came.</summary>
    private sealed class Attempt
    {
        /// <summary>Over which it was begun; null if it was not.</summary>
        public AppendSession? Session { get; set; }

        /// <summary>Nobody waits for it any more.</summary>
        public bool IsAbandoned { get; set; }
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

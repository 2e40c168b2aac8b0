using System.Collections.Immutable;
using System.Threading.Channels;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>Brings batches to the server over a fixed number of lanes, and to an outcome: sends again, halves, gives up (protocol.md §4, errors).</summary>
/// <remarks>Whatever can be sent again at once is; the time for all of it is <see cref="PostgresOptions.AnswerTimeout"/>, then it is Unknown.</remarks>
internal sealed class BatchSender : IAsyncDisposable
{
    private readonly Channel<AppendLane> _free = Channel.CreateUnbounded<AppendLane>();
    private readonly NpgsqlDataSource _source;
    private readonly PostgresOptions _options;
    private readonly TimeProvider _time;
    private readonly KnownRequests _known = new();
    private readonly LeftSessions _left;

    public BatchSender(NpgsqlDataSource source, PostgresOptions options, TimeProvider time)
    {
        (_source, _options, _time, _left) = (source, options, time, new(options, time));
        for (var lane = 0; lane < options.AppendConnections; lane++)
        {
            _free.Writer.TryWrite(new(source, options, time, _known, _left));
        }
    }

    /// <summary>Judges each unit's own shape, sends the well-formed ones, and gives one outcome a unit in their order.</summary>
    public async ValueTask<ImmutableArray<Outcome>> AppendAsync(ImmutableArray<Unit> batch)
    {
        var outcomes = batch.Select(unit => UnitShape.FlawOf(unit) is { } flaw ? new Outcome.Failed(JournalFault.BrokenInvariant, flaw) : null).ToArray<Outcome?>();
        var sound = batch.Where((_, index) => outcomes[index] is null).ToList();
        if (sound.Count > 0)
        {
            var lane = await _free.Reader.ReadAsync(CancellationToken.None);
            try
            {
                var judged = await SettleApartAsync(lane, sound);
                var next = 0;
                for (var index = 0; index < outcomes.Length; index++)
                {
                    outcomes[index] ??= judged[next++];
                }
            }
            finally
            {
                _free.Writer.TryWrite(lane);
            }
        }

        return [.. outcomes.Select(outcome => outcome!)];
    }

    public async ValueTask DisposeAsync()
    {
        for (var lane = 0; lane < _options.AppendConnections; lane++)
        {
            await (await _free.Reader.ReadAsync(CancellationToken.None)).DisposeAsync();
        }

        await _source.DisposeAsync();
    }

    /// <summary>Who asks again will be refused, and a batch with him is no set that could be written: where units are strangers he goes by himself, behind the others.</summary>
    private async Task<IReadOnlyList<Outcome>> SettleApartAsync(AppendLane lane, List<Unit> units)
    {
        var since = _time.GetTimestamp();
        var isKnown = units.Select(_known.HasAnyOf).ToArray();
        if (!isKnown.Contains(true) || !isKnown.Contains(false) || !new BatchOutline(units).Plain)
        {
            return await SettleAsync(lane, units, since);
        }

        var others = new Queue<Outcome>(await SettleAsync(lane, [.. units.Where((_, index) => !isKnown[index])], since));
        var again = new Queue<Outcome>(await SettleAsync(lane, [.. units.Where((_, index) => isKnown[index])], since));
        return [.. isKnown.Select(known => (known ? again : others).Dequeue())];
    }

    private async Task<IReadOnlyList<Outcome>> SettleAsync(AppendLane lane, List<Unit> units, long since)
    {
        for (var (dataErrors, fullStorage) = (0, 0); ;)
        {
            var result = await lane.SendAsync(units);
            if (result.Outcomes is { } outcomes)
            {
                return outcomes;
            }

            switch (result.Failure)
            {
                case AppendFailure.Unknown:
                    await lane.LeaveAsync();
                    return All(units, new Outcome.Unknown(result.Why));
                case AppendFailure.Forbidden:
                    return All(units, new Outcome.Failed(JournalFault.Unreachable, $"PostgreSQL does not let this account write: {result.Why}"));
                case AppendFailure.StorageFull when ++fullStorage >= _options.StorageFullTries:
                    return All(units, new Outcome.Failed(JournalFault.StorageFull, result.Why));
                case AppendFailure.DataError when units.Count == 1 && ++dataErrors >= _options.DataErrors:
                    return All(units, new Outcome.Failed(JournalFault.BrokenInvariant, result.Why));
                case AppendFailure.AgainElsewhere:
                    await lane.RenewAsync();
                    break;
            }

            await PauseAsync();
            if (_time.GetElapsedTime(since) > _options.AnswerTimeout)
            {
                return All(units, new Outcome.Unknown(result.Why));
            }

            if (units.Count > 1 && (result.Failure is AppendFailure.Contended or AppendFailure.DataError))
            {
                return await HalveAsync(lane, units, since);
            }
        }
    }

    /// <summary>One unit must not fail its neighbours: each half is judged alone, in order.</summary>
    private async Task<IReadOnlyList<Outcome>> HalveAsync(AppendLane lane, List<Unit> units, long since)
    {
        var half = units.Count / 2;
        var first = await SettleAsync(lane, [.. units.Take(half)], since);
        return [.. first, .. await SettleAsync(lane, [.. units.Skip(half)], since)];
    }

    private async Task PauseAsync()
    {
#pragma warning disable CA5394 // Jitter keeps members apart; nobody gains by guessing it.
        await Task.Delay(_options.RetryPause * (0.1 + (0.9 * Random.Shared.NextDouble())), _time);
#pragma warning restore CA5394
    }

    private static Outcome[] All(List<Unit> units, Outcome outcome) => [.. units.Select(_ => outcome)];
}

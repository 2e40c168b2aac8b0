using System.Collections.Immutable;
using ActorIpam.EventSourcing;

namespace ActorIpam.Server.Telemetry;

/// <summary>A journal that is measured, and whose silence, slowness and contradictions are reported. It changes nothing of what passes through.</summary>
/// <param name="inner">The journal.</param>
/// <param name="metrics">Counts.</param>
/// <param name="time">The clock of durations.</param>
/// <param name="slow">A batch that takes longer is reported.</param>
/// <param name="log">Where it is reported.</param>
internal sealed class WatchedJournal(IJournal inner, CommitMetrics metrics, TimeProvider time, TimeSpan slow, ILogger log) : IJournal
{
    private readonly Lock _gate = new();
    private readonly HashSet<StreamId> _quarantined = [];
    private long? _downSince;
    private bool _isFull;

    public async ValueTask<ImmutableArray<Outcome>> AppendAsync(ImmutableArray<Unit> batch)
    {
        var begun = time.GetTimestamp();
        var outcomes = await inner.AppendAsync(batch);
        var took = time.GetElapsedTime(begun);
        metrics.CountBatch(batch.Length, took);
        if (took > slow)
        {
            Log.SlowCommit(log, batch.Length, took.TotalSeconds);
        }

        for (var i = 0; i < outcomes.Length; i++)
        {
            metrics.Count(outcomes[i]);
            Note(batch[i], outcomes[i]);
        }

        return outcomes;
    }

    public async ValueTask<StreamTail> ReadAsync(StreamId stream, Head after, CancellationToken cancellation)
    {
        metrics.CountTailRead();
        try
        {
            var tail = await inner.ReadAsync(stream, after, cancellation);
            NoteAnswer();
            return tail;
        }
        catch (JournalUnavailableException failure)
        {
            NoteFailedRead(failure);
            throw;
        }
    }

    public async ValueTask<ImmutableArray<Head>> HeadsAsync(ImmutableArray<StreamId> streams, CancellationToken cancellation)
    {
        metrics.CountHeadsRead();
        try
        {
            var heads = await inner.HeadsAsync(streams, cancellation);
            NoteAnswer();
            return heads;
        }
        catch (JournalUnavailableException failure)
        {
            NoteFailedRead(failure);
            throw;
        }
    }

    private void Note(Unit unit, Outcome outcome)
    {
        switch (outcome)
        {
            case Outcome.Unknown unknown:
                NoteSilence(unknown.Why);
                break;
            case Outcome.Failed { Fault: JournalFault.BrokenInvariant } broken:
                Quarantine(unit, broken.Why);
                break;
            case Outcome.Failed { Fault: JournalFault.StorageFull } full:
                NoteFull(full.Why);
                break;
            case Outcome.Failed unreachable:
                NoteSilence(unreachable.Why);
                break;
            default:
                _isFull = false;
                NoteAnswer();
                break;
        }
    }

    private void NoteFailedRead(JournalUnavailableException failure)
    {
        metrics.CountFailedRead();
        NoteSilence(failure.Message);
    }

    private void NoteSilence(string why)
    {
        lock (_gate)
        {
            if (_downSince is not null)
            {
                return;
            }

            _downSince = time.GetTimestamp();
        }

        metrics.SayUp(false);
        Log.JournalLost(log, why);
    }

    private void NoteAnswer()
    {
        if (_downSince is null)
        {
            return;
        }

        TimeSpan silent;
        lock (_gate)
        {
            if (_downSince is not { } since)
            {
                return;
            }

            (silent, _downSince) = (time.GetElapsedTime(since), null);
        }

        metrics.SayUp(true);
        Log.JournalBack(log, silent.TotalSeconds);
    }

    private void NoteFull(string why)
    {
        if (!_isFull)
        {
            _isFull = true;
            Log.StorageFull(log, why);
        }
    }

    private void Quarantine(Unit unit, string why)
    {
        lock (_gate)
        {
            _quarantined.UnionWith(unit.Appends.Select(static append => append.Stream));
            metrics.SayQuarantined(_quarantined.Count);
        }

        Log.StreamsQuarantined(log, string.Join(", ", unit.Appends.Select(static append => append.Stream)), why);
    }
}

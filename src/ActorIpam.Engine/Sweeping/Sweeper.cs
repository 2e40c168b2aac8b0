using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.Sweeping;

/// <summary>Runs the sweeps of a member one after the other, again and again, one run at a time.</summary>
internal sealed class Sweeper : IAsyncDisposable
{
    private readonly IReadOnlyList<ISweep> _sweeps;
    private readonly TimeProvider _time;
    private readonly IChance _chance;
    private readonly TimeSpan _period;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Task _loop;
    private Task _lastRun = Task.CompletedTask;
    private volatile SweepCounts _counts = SweepCounts.None;

    public Sweeper(IReadOnlyList<ISweep> sweeps, TimeProvider time, IChance chance, TimeSpan period)
    {
        (_sweeps, _time, _chance, _period) = (sweeps, time, chance, period);
        _loop = period > TimeSpan.Zero && sweeps.Count > 0 ? LoopAsync() : Task.CompletedTask;
    }

    public SweepCounts Counts => _counts;

    /// <summary>One run, behind those that were asked for before.</summary>
    public Task RunAsync()
    {
        lock (_gate)
        {
            return _lastRun = RunBehindAsync(_lastRun);
        }
    }

    /// <summary>Lets the action under way end; no other begins.</summary>
    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _loop;
        await _lastRun;
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Jittered(), _time, _stop.Token);
                await RunAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The member stops.
        }
    }

    /// <summary>From three to five quarters of the period: members that started together do not stay together.</summary>
    private TimeSpan Jittered() => (_period * 0.75) + TimeSpan.FromMilliseconds(_chance.Next((int)Math.Max(1, _period.TotalMilliseconds / 2)));

    private async Task RunBehindAsync(Task before)
    {
        await before;
        foreach (var sweep in _sweeps)
        {
            try
            {
                _counts = await sweep.SweepAsync(_counts, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception)
            {
                // The edge of this loop, as of a turn: nothing was promised to anybody, the next run finds the same work, and other kinds of work go on.
                _counts = _counts with { Failures = _counts.Failures + 1 };
            }
        }

        _counts = _counts with { Runs = _counts.Runs + 1 };
    }
}

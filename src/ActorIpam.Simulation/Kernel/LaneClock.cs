namespace ActorIpam.Simulation.Kernel;

/// <summary>Virtual time as one lane sees it: a skew against the world's. Timers ring in the lane and die with it.</summary>
public sealed class LaneClock : TimeProvider
{
    private readonly Lane _lane;

    internal LaneClock(Lane lane) => _lane = lane;

    /// <summary>How far this clock is ahead of the world's (behind, when negative).</summary>
    public TimeSpan Skew { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => _lane.World.Now + Skew;

    public override long GetTimestamp() => _lane.World.Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new LaneTimer(_lane, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}

internal sealed class LaneTimer(Lane lane, TimerCallback callback, object? state) : ITimer
{
    private Alarm? _alarm;
    private TimeSpan _period;
    private bool _disposed;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed)
        {
            return false;
        }

        _alarm?.Cancel();
        _period = period;
        _alarm = dueTime == Timeout.InfiniteTimeSpan ? null : lane.World.Ring(lane, dueTime, Fire);
        return true;
    }

    public void Dispose()
    {
        _disposed = true;
        _alarm?.Cancel();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Fire()
    {
        if (_period > TimeSpan.Zero)
        {
            _alarm = lane.World.Ring(lane, _period, Fire);
        }

        callback(state);
    }
}

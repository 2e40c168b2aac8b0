namespace ActorIpam.Simulation.Kernel;

/// <summary>Virtual time as one lane sees it: a skew against the world's. Timers ring in the lane and die with it.</summary>
public sealed class LaneClock : TimeProvider
{
    private readonly Lane _lane;

    internal LaneClock(Lane lane) => _lane = lane;

    /// <summary>How far this clock is ahead of the world's (behind, when negative).</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>By how much it runs too fast, in a million (too slow, when negative): its timers ring too early by as much.</summary>
    public int Drift { get; set; }

    private double Pace => 1 + (Drift * 1e-6);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => _lane.World.Now + Skew + (_lane.World.Elapsed * (Drift * 1e-6));

    public override long GetTimestamp() => Drift == 0 ? _lane.World.Elapsed.Ticks : (long)(_lane.World.Elapsed.Ticks * Pace);

    /// <summary>How long the world takes for what this clock measures as so much.</summary>
    internal TimeSpan InTheWorld(TimeSpan measured) => Drift == 0 ? measured : measured / Pace;

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
        _alarm = dueTime == Timeout.InfiniteTimeSpan ? null : lane.World.Ring(lane, lane.Clock.InTheWorld(dueTime), Fire);
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
            _alarm = lane.World.Ring(lane, lane.Clock.InTheWorld(_period), Fire);
        }

        callback(state);
    }
}

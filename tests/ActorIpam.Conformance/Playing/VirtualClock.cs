namespace ActorIpam.Conformance.Playing;

/// <summary>The time that a scenario sees. It stands still until <see cref="AdvanceToNextTimer"/> moves it to the next timer.</summary>
internal sealed class VirtualClock : TimeProvider
{
    private readonly PriorityQueue<Timer, (DateTimeOffset Due, long Order)> _timers = new();
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the time to the next timer that is due by <paramref name="limit"/> and runs it.</summary>
    /// <returns>False if there is none.</returns>
    public bool AdvanceToNextTimer(DateTimeOffset limit)
    {
        while (_timers.TryPeek(out var timer, out var at))
        {
            if (timer.Current != at)
            {
                _timers.Dequeue();
                continue;
            }

            if (at.Due > limit)
            {
                return false;
            }

            _timers.Dequeue();
            _now = at.Due > _now ? at.Due : _now;
            timer.Fire();
            return true;
        }

        return false;
    }

    private sealed class Timer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        /// <summary>The entry of the queue that counts; older entries of this timer are dead.</summary>
        public (DateTimeOffset Due, long Order)? Current { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            Current = null;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Current = (clock._now + dueTime, clock._order++);
                clock._timers.Enqueue(this, Current.Value);
            }

            return true;
        }

        public void Fire()
        {
            Change(_period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan, _period);
            callback(state);
        }

        public void Dispose() => Current = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

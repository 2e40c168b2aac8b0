using System.Globalization;
using System.Runtime.ExceptionServices;

namespace ActorIpam.Simulation.Kernel;

/// <summary>One thread, one seed, virtual time: picks which ready callback of which lane runs next, and jumps to the next alarm when none is.</summary>
/// <remarks>The same seed tells the same story, callback for callback; <see cref="Trace"/> proves it. Not thread safe: that is the point.</remarks>
public sealed class World(ulong seed, WorldBounds? bounds = null)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly WorldBounds _bounds = bounds ?? new();
    private readonly Dice _root = new(seed);
    private readonly Dice _picker = new Dice(seed).Fork("picker");
    private readonly List<Ready> _ready = [];
    private readonly PriorityQueue<Alarm, (long Due, long Order)> _alarms = new();
    private readonly Dictionary<string, int> _incarnations = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile string? _escape;
    private Exception? _failure;
    private long _alarmOrder;
    private int _lanes;

    public ulong Seed { get; } = seed;

    /// <summary>How many callbacks have run: the order of everything that happened.</summary>
    public long Step { get; private set; }

    /// <summary>Virtual time since the start.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Virtual time as a date.</summary>
    public DateTimeOffset Now => Start + Elapsed;

    public Story Story { get; } = new();

    public TraceHash Trace { get; } = new();

    /// <summary>Dice of the world's seed for one purpose.</summary>
    public Dice Dice(string name) => _root.Fork(name);

    /// <summary>A new process. The second one of a name is its next incarnation.</summary>
    public Lane NewLane(string name)
    {
        var incarnation = _incarnations[name] = _incarnations.GetValueOrDefault(name, -1) + 1;
        return new(this, name, incarnation, _lanes++);
    }

    public void Tell(string who, string what)
    {
        Trace.Mix(what);
        Story.Tell(new(Step, Elapsed, who, what));
    }

    /// <summary>Ends the run: what was found is worse than anything that could follow.</summary>
    public void Fail(Exception failure) => _failure ??= failure;

    /// <summary>Lets the lane do something later.</summary>
    public void After(TimeSpan delay, Lane lane, Action action) => Ring(lane, delay, action);

    /// <summary>Runs a scenario in a lane of its own until it is complete.</summary>
    /// <exception cref="WorldStuckException">It can not complete, or not within the bounds.</exception>
    public void Run(Func<Task> scenario)
    {
        var before = SynchronizationContext.Current;
        try
        {
            var director = NewLane("director");
            SynchronizationContext.SetSynchronizationContext(director);
            var task = scenario();
            while (!task.IsCompleted)
            {
                Go();
            }

            ThrowIfBroken();
            task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    internal void Enqueue(Ready ready)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            _escape = ready.Callback.Method.ToString() ?? "a callback";
            return;
        }

        if (ready.Lane.Withholds(ready))
        {
            return;
        }

        if (ready.Lane.Slowness > TimeSpan.Zero)
        {
            Ring(ready.Lane, ready.Lane.Chance.Between(TimeSpan.Zero, ready.Lane.Slowness), () => ready.Callback(ready.State));
            return;
        }

        _ready.Add(ready);
    }

    internal Alarm Ring(Lane lane, TimeSpan delay, Action action)
    {
        var alarm = new Alarm(lane, action);
        _alarms.Enqueue(alarm, ((Elapsed + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero)).Ticks, _alarmOrder++));
        return alarm;
    }

    internal void Forget(Lane lane) => _ready.RemoveAll(ready => ready.Lane == lane);

    private void Go()
    {
        ThrowIfBroken();
        RingWhatIsDue();
        if (_ready.Count == 0)
        {
            JumpToNextAlarm();
            return;
        }

        var index = _picker.Next(_ready.Count);
        var next = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        if (!next.Lane.Withholds(next))
        {
            Call(next, index);
        }
    }

    private void Call(Ready next, int index)
    {
        Step++;
        Elapsed += _bounds.Step;
        Trace.Mix((Elapsed.Ticks << 20) ^ (next.Lane.Id << 10) ^ index);
        SynchronizationContext.SetSynchronizationContext(next.Lane);
        try
        {
            next.Callback(next.State);
        }
        catch (Exception failure)
        {
            Fail(new InvalidOperationException($"{next.Lane.Name} let an exception out of a callback: {failure.Message}", failure));
        }
    }

    private void RingWhatIsDue()
    {
        while (_alarms.TryPeek(out var alarm, out var due) && (due.Due <= Elapsed.Ticks || !alarm.IsWanted))
        {
            _alarms.Dequeue();
            if (alarm.IsWanted)
            {
                Rung(new(alarm.Lane, static state => ((Alarm)state!).Ring(), alarm));
            }
        }
    }

    /// <summary>What a timer brings has waited already.</summary>
    private void Rung(Ready ready)
    {
        if (!ready.Lane.Withholds(ready))
        {
            _ready.Add(ready);
        }
    }

    private void JumpToNextAlarm()
    {
        if (!_alarms.TryPeek(out _, out var due))
        {
            LetStrayWorkShowItself();
            throw Stuck("Deadlock: nothing is ready and no timer runs. Somebody awaits what nobody will complete, or what runs on another thread.");
        }

        Elapsed = TimeSpan.FromTicks(due.Due);
    }

    /// <summary>What left the world may still run on another thread; a moment of real time tells a deadlock from an escape.</summary>
    private void LetStrayWorkShowItself()
    {
        for (var moment = 0; moment < 20 && _escape is null; moment++)
        {
            Thread.CurrentThread.Join(TimeSpan.FromMilliseconds(5));
        }

        ThrowIfBroken();
    }

    private void ThrowIfBroken()
    {
        if (_escape is { } escape)
        {
            throw Stuck($"{escape} came back on another thread: something left the world.");
        }

        if (_failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        if (Step >= _bounds.Steps || Elapsed >= _bounds.Time)
        {
            throw Stuck($"No progress: the run is not complete after {Step} steps and {Elapsed}. Ready: {WhoIsReady()}.");
        }
    }

    private string WhoIsReady() => _ready.Count == 0
        ? "nobody"
        : string.Join(", ", _ready.GroupBy(ready => ready.Lane.Name).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key} ×{group.Count()}")));

    private WorldStuckException Stuck(string message) => new($"seed {Seed}: {message}", _failure);
}

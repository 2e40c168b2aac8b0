namespace ActorIpam.Simulation.Kernel;

/// <summary>One simulated process: all that it awaits comes back through here, one callback at a time, until it dies.</summary>
/// <remarks>A process that was started again is another lane with the next incarnation; nothing of the dead one reaches it.</remarks>
public sealed class Lane : SynchronizationContext
{
    private readonly List<Ready> _keptBack = [];

    internal Lane(World world, string name, int incarnation, int id)
    {
        World = world;
        Name = incarnation == 0 ? name : $"{name}#{incarnation}";
        Id = id;
        Clock = new(this);
        Chance = world.Dice($"lane {Name}");
    }

    public World World { get; }

    public string Name { get; }

    /// <summary>False once it crashed: whatever still comes back is dropped.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>True while it stands still: whatever comes back is kept for later.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>How long at most whatever comes back waits before it runs: a process that is starved, not one that stands still.</summary>
    public TimeSpan Slowness { get; set; }

    /// <summary>The time as this process sees it.</summary>
    public LaneClock Clock { get; }

    public Dice Chance { get; }

    internal int Id { get; }

    public void Tell(string what) => World.Tell(Name, what);

    public void Crash()
    {
        IsAlive = false;
        _keptBack.Clear();
        World.Forget(this);
    }

    public void Pause() => IsPaused = true;

    public void Resume()
    {
        IsPaused = false;
        _keptBack.ForEach(World.Enqueue);
        _keptBack.Clear();
    }

    public override void Post(SendOrPostCallback d, object? state) => World.Enqueue(new(this, d, state));

    /// <exception cref="NotSupportedException">It was called from outside: nothing in the core may wait for another thread.</exception>
    public override void Send(SendOrPostCallback d, object? state)
    {
        if (Current != this)
        {
            throw new NotSupportedException("A synchronous call into a lane would block the world.");
        }

        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>True if the callback was dropped or kept back instead.</summary>
    internal bool Withholds(Ready ready)
    {
        if (IsAlive && IsPaused)
        {
            _keptBack.Add(ready);
        }

        return !IsAlive || IsPaused;
    }
}

/// <summary>A callback that may run now.</summary>
internal readonly record struct Ready(Lane Lane, SendOrPostCallback Callback, object? State);

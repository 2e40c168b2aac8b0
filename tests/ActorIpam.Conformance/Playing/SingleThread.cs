using System.Collections.Concurrent;

namespace ActorIpam.Conformance.Playing;

/// <summary>Runs a scenario and the engine under it on one thread. When nothing is ready, time jumps to the next timer.</summary>
/// <remarks>The engine leaves its thread nowhere (the house rules see to that), so every continuation arrives in this queue and a scenario plays the same way each time.</remarks>
internal sealed class SingleThread(VirtualClock clock) : SynchronizationContext
{
    /// <summary>How long a step may take by the scenario's clock, beyond the time it asks for itself.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private DateTimeOffset _limit;

    public override void Post(SendOrPostCallback d, object? state) => _ready.Enqueue((d, state));

    /// <summary>Lets the next step take its patience and so much longer.</summary>
    public void Expect(TimeSpan longer) => _limit = clock.GetUtcNow() + Patience + longer;

    /// <exception cref="TimeoutException">It waits for something that never happens, or longer than its patience.</exception>
    public void Run(Func<Task> scenario)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            Expect(TimeSpan.Zero);
            var whole = scenario();
            while (!whole.IsCompleted)
            {
                if (!TryNext())
                {
                    throw new TimeoutException($"no answer within {Patience.TotalSeconds} s of the scenario's own time.");
                }
            }

            whole.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private bool TryNext()
    {
        if (!_ready.TryDequeue(out var next))
        {
            return clock.AdvanceToNextTimer(_limit);
        }

        next.Callback(next.State);
        return true;
    }
}

using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;

namespace ActorIpam.Simulation.Journal;

/// <summary>A unit that won, and when: the truth that every answer is held against.</summary>
/// <param name="Instant">The world's step at which it became true.</param>
/// <param name="At">Virtual time.</param>
/// <param name="Unit">What it wrote.</param>
/// <param name="After">All that was stored behind it.</param>
public sealed record Commit(long Instant, DateTimeOffset At, Unit Unit, JournalState After)
{
    /// <summary>The changes of one kind.</summary>
    public IEnumerable<T> Changes<T>()
        where T : ViewChange => Unit.Views.OfType<T>();
}

using System.Collections.Immutable;
using ActorIpam.EventSourcing;

namespace ActorIpam.Simulation.Journal;

/// <summary>A unit that won, and when: the truth that every answer is held against.</summary>
/// <param name="Instant">The world's step at which it became true.</param>
/// <param name="At">Virtual time.</param>
/// <param name="Unit">What it wrote.</param>
public sealed record Commit(long Instant, DateTimeOffset At, Unit Unit)
{
    /// <summary>The changes of one kind.</summary>
    public IEnumerable<T> Changes<T>()
        where T : ViewChange => Unit.Views.OfType<T>();

    /// <summary>A commit with nothing but these changes, for histories written by hand.</summary>
    public static Commit Of(long instant, params ImmutableArray<ViewChange> changes) =>
        new(instant, DateTimeOffset.UnixEpoch.AddMilliseconds(instant), new(default) { At = default, Member = "hand", Views = changes });
}

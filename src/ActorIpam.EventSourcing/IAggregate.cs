namespace ActorIpam.EventSourcing;

/// <summary>A state that is nothing but the fold of its events.</summary>
/// <typeparam name="TSelf">The state, immutable.</typeparam>
/// <typeparam name="TEvent">The closed family of its facts.</typeparam>
public interface IAggregate<TSelf, TEvent>
    where TSelf : IAggregate<TSelf, TEvent>
{
    /// <summary>The state before the first event.</summary>
    static abstract TSelf Empty { get; }

    /// <summary>The state after one more fact. Total and pure: no clock, no chance, no I/O, no decision; asserts invariants.</summary>
    /// <exception cref="InvariantViolationException">The fact contradicts the state: the journal or the code is broken.</exception>
    TSelf Apply(TEvent fact);
}

/// <summary>Events as text and back. Type names are explicit; an unknown one is refused, never skipped.</summary>
public interface IEventCodec<TEvent>
{
    /// <summary>The schema that <see cref="Write"/> writes.</summary>
    int Schema { get; }

    /// <summary>Events as a JSON array.</summary>
    string Write(IReadOnlyList<TEvent> events);

    /// <exception cref="UnreadableEventException">The text holds an event this member does not know.</exception>
    IReadOnlyList<TEvent> Read(string events, int schema);
}

/// <summary>An event was written by a newer member, or is damaged. The stream must not be activated here.</summary>
public sealed class UnreadableEventException(string message, Exception? inner = null) : Exception(message, inner);

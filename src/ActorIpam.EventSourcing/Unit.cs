using System.Collections.Immutable;

namespace ActorIpam.EventSourcing;

/// <summary>What changes together or not at all.</summary>
/// <remarks>
/// A unit is judged against the heads it was decided under. If one of them moved, nothing of it happens and it is decided again.
/// A stream may stand in <see cref="Fences"/> and <see cref="Raises"/> at once: its head is compared, then raised.
/// </remarks>
public sealed record Unit(CommitId Commit)
{
    /// <summary>When it was decided, by the clock of the member that decided it.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The member that decided it.</summary>
    public required string Member { get; init; }

    /// <summary>Events to write, at most one append a stream.</summary>
    public ImmutableArray<Append> Appends { get; init; } = [];

    /// <summary>Heads that must still stand; they are compared, not written.</summary>
    public ImmutableArray<Fence> Fences { get; init; } = [];

    /// <summary>Streams without events whose head goes up by one: they order what must not be overtaken.</summary>
    public ImmutableArray<StreamId> Raises { get; init; } = [];

    /// <summary>Facts about requests and handles that must hold, and are written with the unit.</summary>
    public ImmutableArray<Guard> Guards { get; init; } = [];

    /// <summary>What the queries will show, written in the same transaction.</summary>
    public ImmutableArray<ViewChange> Views { get; init; } = [];

    /// <summary>True if it writes nothing but only asks whether its fences still stand. Such a unit is judged afresh each time it is sent.</summary>
    public bool IsQuestion => Appends.IsEmpty && Raises.IsEmpty && Guards.IsEmpty && Views.IsEmpty;
}

/// <summary>One row of a stream's journal: everything one unit records there.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Expected">The head the events were decided from. The row gets version <c>Expected.Version + 1</c>.</param>
/// <param name="Schema">The number of the events' schema.</param>
/// <param name="Events">A JSON array of events, readable by people; the journal does not look inside.</param>
public sealed record Append(StreamId Stream, Head Expected, int Schema, string Events);

/// <summary>A head that must still stand when the unit is judged.</summary>
public readonly record struct Fence(StreamId Stream, Head Expected);

/// <summary>A condition outside the streams. The cases belong to whoever owns the views.</summary>
public abstract record Guard;

/// <summary>Why a guard said no.</summary>
public abstract record GuardRefusal;

/// <summary>A change of what queries read. The cases belong to whoever owns the views.</summary>
public abstract record ViewChange;

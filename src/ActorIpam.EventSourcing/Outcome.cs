using System.Collections.Immutable;

namespace ActorIpam.EventSourcing;

/// <summary>What became of a unit.</summary>
public abstract record Outcome
{
    private Outcome() { }

    /// <summary>It is written, durably.</summary>
    public sealed record Won : Outcome
    {
        public static readonly Won Instance = new();
    }

    /// <summary>It had been written before: the journal row it asked for carries its own commit id.</summary>
    public sealed record AlreadyMine : Outcome
    {
        public static readonly AlreadyMine Instance = new();
    }

    /// <summary>Heads had moved; nothing was written.</summary>
    public sealed record Lost(ImmutableArray<StreamId> Moved) : Outcome;

    /// <summary>Guards said no; nothing was written. The heads stood.</summary>
    public sealed record Refused(ImmutableArray<RefusedGuard> Guards) : Outcome;

    /// <summary>Nobody knows whether it was written. The only way out is to send the same unit, with the same commit id, again.</summary>
    public sealed record Unknown(string Why) : Outcome;

    /// <summary>It was certainly not written, and sending it again at once will not help: the storage is full, read-only or broken.</summary>
    public sealed record Failed(JournalFault Fault, string Why) : Outcome;
}

/// <summary>One guard that said no: its place in <see cref="Unit.Guards"/> and the reason.</summary>
public readonly record struct RefusedGuard(int Index, GuardRefusal Why);

/// <summary>Why the journal cannot write at all.</summary>
public enum JournalFault
{
    /// <summary>No space is left.</summary>
    StorageFull,

    /// <summary>The journal cannot be reached or does not accept writes.</summary>
    Unreachable,

    /// <summary>The unit contradicts what is stored: a bug or a corrupted journal. It must be reported, never retried.</summary>
    BrokenInvariant,
}

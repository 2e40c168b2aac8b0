namespace ActorIpam.Domain.Blocks;

/// <summary>What stands at one ordinal of a block.</summary>
/// <param name="State">Free, held, cooling or kept by the host.</param>
/// <param name="Generation">The generation of the assignment, while held or cooling; else 0.</param>
/// <param name="Handle">Who holds it, while held.</param>
/// <param name="Holder">The host that asked for it, while held.</param>
/// <param name="At">When it was released, while cooling; when the caller issued its request, while held (if it said so).</param>
public readonly record struct Slot(SlotState State, long Generation, string? Handle, Owner Holder, DateTimeOffset? At)
{
    public static Slot Free => default;

    public static Slot HostReserved(string? handle) => new(SlotState.HostReserved, 0, handle, default, null);
}

public enum SlotState
{
    Free,
    Held,
    Cooling,
    HostReserved,
}

using System.Collections.Immutable;
using ActorIpam.EventSourcing;

namespace ActorIpam.Domain.Blocks;

/// <summary>What a block makes of what it is asked: events to record, or a reason not to. Nothing here changes the block.</summary>
public static class BlockDecisions
{
    /// <summary>The cooldowns that are over, as one event, or null (semantics.md §7.3: ascending).</summary>
    public static BlockEvent.CooldownEnded? EndCooldowns(this Block block, DateTimeOffset now, TimeSpan cooldown)
    {
        if (block.Cooling.IsEmpty)
        {
            return null;
        }

#if PLANTED_BUGS
        cooldown = Planted.Is("cooldown-ignored") ? TimeSpan.Zero : cooldown;
#endif
        var over = block.Cooling.Where(entry => entry.Value + cooldown <= now).Select(static entry => entry.Key).ToImmutableArray();
#if PLANTED_BUGS
        over = Planted.Is("cooldowns-end-descending") ? [.. over.Reverse()] : over;
#endif
        return over.IsEmpty ? null : new(over);
    }

    /// <summary>The next free ordinals, at most <paramref name="count"/>, in queue order; those passed over keep their place.</summary>
    public static ImmutableArray<int> NextFree(this Block block, int count, Func<int, bool> passOver) =>
        block.IsOpen && count > 0
#if PLANTED_BUGS
            ? Planted.Is("last-free-first") ? [.. block.Free.InOrder().Reverse().Where(ordinal => !passOver(ordinal)).Take(count)] : [.. block.Free.InOrder().Where(ordinal => !passOver(ordinal)).Take(count)]
#else
            ? [.. block.Free.InOrder().Where(ordinal => !passOver(ordinal)).Take(count)]
#endif
            : [];

    /// <summary>Judges one entry of a release by address (semantics.md §7.1). Null: the address is to be released.</summary>
    /// <param name="block">The block of the address.</param>
    /// <param name="ordinal">Its place in it.</param>
    /// <param name="handle">When given, it must be held by this handle.</param>
    /// <param name="generation">When given, it must be held under this generation.</param>
    /// <param name="seen">The generation it was seen under when the request came in; null when it was not held then.</param>
    /// <param name="through">When given, what was issued later is spared: after a journal went back, a generation that was seen may be that of a later holder.</param>
    public static ReleaseVerdict JudgeRelease(this Block block, int ordinal, string? handle, long? generation, long? seen, DateTimeOffset? through)
    {
        var slot = block.IsOpen ? block.Slots[ordinal] : Slot.Free;
        if (generation is { } wanted && wanted != slot.Generation)
        {
            return ReleaseVerdict.OtherGeneration;
        }

#if PLANTED_BUGS
        through = Planted.Is("final-release-ignores-issued") || Planted.Is("gc-ignores-issued") || Planted.Is("release-without-generation") ? null : through;
#endif
        if (slot.State != SlotState.Held || slot.At > through)
        {
            return ReleaseVerdict.NotHeld;
        }

#if PLANTED_BUGS
        handle = Planted.Is("release-without-handle") ? null : handle;
#endif
        if (handle is not null && !string.Equals(handle, slot.Handle, StringComparison.Ordinal))
        {
            return ReleaseVerdict.OtherHandle;
        }

#if PLANTED_BUGS
        if (Planted.Is("release-without-generation"))
        {
            return ReleaseVerdict.Release;
        }

#endif
        // What was seen has been released since; whoever holds the address now is not who the caller meant.
        return (generation ?? seen) == slot.Generation ? ReleaseVerdict.Release : ReleaseVerdict.NotHeld;
    }
}

public enum ReleaseVerdict
{
    Release,
    NotHeld,
    OtherHandle,
    OtherGeneration,
}

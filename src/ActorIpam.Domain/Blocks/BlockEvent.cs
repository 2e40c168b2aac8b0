using System.Collections.Immutable;

namespace ActorIpam.Domain.Blocks;

/// <summary>What happened to a block. Facts: once journaled never renamed, never reshaped; wire names are in <see cref="BlockEventCodec"/>.</summary>
public abstract record BlockEvent
{
    private BlockEvent() { }

    /// <summary>An owner got the block. All addresses are free but those the host keeps for itself.</summary>
    /// <param name="Pool">The uid of the pool it was carved from.</param>
    /// <param name="Owner">Whose it is now.</param>
    /// <param name="At">When; reclaiming looks at it.</param>
    /// <param name="HostReserved">What the host keeps at both ends, or null.</param>
    public sealed record Opened(string Pool, Owner Owner, DateTimeOffset At, HostReserved? HostReserved) : BlockEvent;

    /// <summary>A handle started to hold an address.</summary>
    /// <param name="Ordinal">Its place in the block, from 0.</param>
    /// <param name="Generation">The block's version with this event, in the era of the journal (<see cref="Generations"/>); (address, generation) is never used twice.</param>
    /// <param name="Handle">The holder's durable name, or null.</param>
    /// <param name="Holder">The host that asked.</param>
    /// <param name="AttributesDigest">The digest of the attributes, which stand in the views only; null when there are none.</param>
    /// <param name="Issued">When the caller issued the request, by its own clock.</param>
    /// <param name="Why">own, claimed, reclaimed, borrowed, asked or adopted.</param>
    /// <param name="Grounds">What the decision rested on; null in what older releases wrote.</param>
    public sealed record AddressAssigned(
        int Ordinal, long Generation, string? Handle, Owner Holder, string? AttributesDigest, DateTimeOffset? Issued, string Why, Grounds? Grounds = null) : BlockEvent;

    /// <summary>The holder let go. The address cools until <see cref="CooldownEnded"/> names it.</summary>
    public sealed record AddressReleased(int Ordinal, long Generation, DateTimeOffset ReleasedAt, string Why) : BlockEvent;

    /// <summary>These addresses join the tail of the free queue, in ascending order.</summary>
    public sealed record CooldownEnded(ImmutableArray<int> Ordinals) : BlockEvent;

    /// <summary>The block has no owner any more: an orphan serves borrowers and disappears with its last address.</summary>
    public sealed record AffinityLost(string Why) : BlockEvent;

    /// <summary>The block lies in another pool now: its own was split. Owner and addresses are the same.</summary>
    /// <param name="Pool">The uid of the pool.</param>
    /// <param name="Why">split.</param>
    public sealed record Moved(string Pool, string Why) : BlockEvent;

    /// <summary>The block is gone; its stream remains and a later owner opens it again.</summary>
    public sealed record Closed(string Why) : BlockEvent;
}

/// <summary>Addresses the host keeps at both ends of a block (semantics.md §10.2).</summary>
public sealed record HostReserved(int Start, int End, string? Handle)
{
    /// <summary>The handle under which Windows hosts reserve addresses; a block with only such addresses counts as empty.</summary>
    public const string WindowsHandle = "windows-reserved-ipam-handle";

    public int Count => Start + End;

    public bool IsWindows => string.Equals(Handle, WindowsHandle, StringComparison.OrdinalIgnoreCase);
}

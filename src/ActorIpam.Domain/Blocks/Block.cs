using System.Collections.Immutable;
using System.Diagnostics;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Domain.Blocks;

/// <summary>A slice of a pool, handed out address by address.</summary>
/// <remarks>
/// INV-1: an address has at most one holder. INV-6: free + assigned + cooling + host-reserved = size. INV-11: a released address is free only
/// after CooldownEnded, and is assigned in the order of the free queue. The range is the stream's name, so events do not repeat it.
/// </remarks>
public sealed record Block : IAggregate<Block, BlockEvent>
{
    private Block() { }

    /// <summary>A block before its first event, whatever its range: <see cref="At"/> gives it one.</summary>
    public static Block Empty { get; } = new();

    public Cidr Range { get; private init; }

    public bool IsOpen { get; private init; }

    /// <summary>The uid of the pool it was opened for; empty while closed.</summary>
    public string Pool { get; private init; } = "";

    /// <summary>Whose it is; null for an orphan and while closed.</summary>
    public Owner? Owner { get; private init; }

    /// <summary>When the owner got it.</summary>
    public DateTimeOffset? ClaimedAt { get; private init; }

    public HostReserved? HostReserved { get; private init; }

    public SlotTable Slots { get; private init; } = SlotTable.Of(0);

    public FreeQueue Free { get; private init; } = FreeQueue.New(0, 0, 0);

    public int Assigned { get; private init; }

    public int Borrowed { get; private init; }

    /// <summary>Ordinals in cooldown with the time of their release, by ordinal.</summary>
    public ImmutableSortedDictionary<int, DateTimeOffset> Cooling { get; private init; } = ImmutableSortedDictionary<int, DateTimeOffset>.Empty;

    /// <summary>The latest time any event carried: a turn's <c>now</c> is never before it.</summary>
    public DateTimeOffset LastEventAt { get; private init; }

    public int Size => 1 << (Range.Family.Bits() - Range.Length);

    /// <summary>No address is held or cools, and the host keeps none or only Windows' own (semantics.md §1).</summary>
    public bool IsEmpty => IsOpen && Assigned == 0
#if PLANTED_BUGS
        && (Cooling.IsEmpty || Planted.Is("cooling-counts-as-empty"))
#else
        && Cooling.IsEmpty
#endif
        && HostReserved is null or { IsWindows: true };

    public bool IsOrphan => IsOpen && Owner is null;

    /// <summary>The block of this range before its first event.</summary>
    public static Block At(Cidr range) => Empty with { Range = range };

    public IpAddress AddressAt(int ordinal) => Range.First.Plus((uint)ordinal);

    public int OrdinalOf(IpAddress address) => (int)(address.Value - Range.First.Value);

    /// <summary>The block of this range as a snapshot tells it. What can be counted is counted anew.</summary>
    internal static Block Restored(Cidr range, BlockContent content) => At(range) with
    {
        IsOpen = true,
        Pool = content.Pool,
        Owner = content.Owner,
        ClaimedAt = content.ClaimedAt,
        HostReserved = content.HostReserved,
        Slots = content.Slots.Aggregate(Kept(At(range).Size, content.HostReserved), static (table, slot) => table.With(slot.Key, slot.Value)),
        Free = content.Free,
        Assigned = content.Slots.Values.Count(static slot => slot.State == SlotState.Held),
        Borrowed = content.Slots.Values.Count(slot => slot.State == SlotState.Held && slot.Holder != content.Owner),
        Cooling = content.Slots.Where(static slot => slot.Value.State == SlotState.Cooling).ToImmutableSortedDictionary(static slot => slot.Key, static slot => slot.Value.At!.Value),
        LastEventAt = content.LastEventAt,
    };

    /// <summary>A closed block of this range whose events went up to a time.</summary>
    internal static Block Closed(Cidr range, DateTimeOffset lastEventAt) => At(range) with { LastEventAt = lastEventAt };

    public Block Apply(BlockEvent fact) => fact switch
    {
        BlockEvent.Opened opened => Open(opened),
        BlockEvent.AddressAssigned assigned => Assign(assigned),
        BlockEvent.AddressReleased released => Release(released),
        BlockEvent.CooldownEnded ended => Thaw(ended),
        BlockEvent.AffinityLost => LoseAffinity(),
        BlockEvent.Moved moved => Move(moved),
        BlockEvent.Closed closed => Close(closed),
        _ => throw new UnreachableException($"{fact.GetType().Name} is no block event."),
    };

    /// <summary>The figures the block view shows.</summary>
    public BlockRow Row(long version) => new(
        Range, Pool, Owner, version, Size, Free.Count, Assigned, Cooling.Count, HostReserved?.Count ?? 0, Borrowed, ClaimedAt,
        Cooling.IsEmpty ? null : Cooling.Values.Min());

    private Block Open(BlockEvent.Opened opened)
    {
        Invariant.Holds(!IsOpen, "INV-5", $"{Range} is opened for {opened.Owner} while {Owner} has it.");
        var kept = opened.HostReserved;
        return this with
        {
            IsOpen = true,
            Pool = opened.Pool,
            Owner = opened.Owner,
            ClaimedAt = opened.At,
            HostReserved = kept,
            Slots = Kept(Size, kept),
            Free = FreeQueue.New(Size, kept?.Start ?? 0, kept?.End ?? 0),
            LastEventAt = Later(opened.At),
        };
    }

    /// <summary>The slots of a block in which nothing is used but what the host keeps.</summary>
    private static SlotTable Kept(int size, HostReserved? kept)
    {
        var slots = SlotTable.Of(size);
        for (var i = 0; kept is not null && i < kept.Count; i++)
        {
            slots = slots.With(i < kept.Start ? i : size - kept.Count + i, Slot.HostReserved(kept.Handle));
        }

        return slots;
    }

    private Block Assign(BlockEvent.AddressAssigned assigned)
    {
        Invariant.Holds(IsOpen, "INV-1", $"{AddressAt(assigned.Ordinal)} is assigned in a closed block.");
        Invariant.Holds(Slots.StateOf(assigned.Ordinal) == SlotState.Free, "INV-1", $"{AddressAt(assigned.Ordinal)} is assigned while {Slots.StateOf(assigned.Ordinal)}.");
        return this with
        {
            Slots = Slots.With(assigned.Ordinal, new(SlotState.Held, assigned.Generation, assigned.Handle, assigned.Holder, assigned.Issued)),
            Free = Free.Without(assigned.Ordinal),
            Assigned = Assigned + 1,
#if PLANTED_BUGS
            Borrowed = Borrowed + (assigned.Holder == Owner || Planted.Is("borrowed-not-counted") ? 0 : 1),
#else
            Borrowed = Borrowed + (assigned.Holder == Owner ? 0 : 1),
#endif
        };
    }

    private Block Release(BlockEvent.AddressReleased released)
    {
        var slot = Slots[released.Ordinal];
        Invariant.Holds(slot.State == SlotState.Held && slot.Generation == released.Generation, "INV-2", $"{AddressAt(released.Ordinal)} is released under generation {released.Generation} while {slot.State} under {slot.Generation}.");
        return this with
        {
            Slots = Slots.With(released.Ordinal, new(SlotState.Cooling, slot.Generation, null, default, released.ReleasedAt)),
            Assigned = Assigned - 1,
            Borrowed = Borrowed - (slot.Holder == Owner ? 0 : 1),
            Cooling = Cooling.Add(released.Ordinal, released.ReleasedAt),
            LastEventAt = Later(released.ReleasedAt),
        };
    }

    private Block Thaw(BlockEvent.CooldownEnded ended)
    {
        foreach (var ordinal in ended.Ordinals)
        {
            Invariant.Holds(Slots.StateOf(ordinal) == SlotState.Cooling, "INV-11", $"{AddressAt(ordinal)} ends a cooldown while {Slots.StateOf(ordinal)}.");
        }

        var cooling = Cooling.RemoveRange(ended.Ordinals);
        Invariant.Holds(Cooling.Count - cooling.Count == ended.Ordinals.Length, "INV-11", $"An address of {Range} ends its cooldown twice: {string.Join(", ", ended.Ordinals)}.");
        return this with { Slots = Slots.With(ended.Ordinals, Slot.Free), Free = Free.With(ended.Ordinals), Cooling = cooling };
    }

    private Block LoseAffinity()
    {
        Invariant.Holds(Owner is not null, "INV-5", $"{Range} loses an owner it does not have.");
        return this with { Owner = null, ClaimedAt = null, Borrowed = Assigned };
    }

    private Block Move(BlockEvent.Moved moved)
    {
        Invariant.Holds(IsOpen, "INV-5", $"{Range} is moved to another pool while nobody has it.");
        return this with { Pool = moved.Pool };
    }

    private Block Close(BlockEvent.Closed closed)
    {
        Invariant.Holds(IsOpen && Assigned == 0 && Cooling.IsEmpty, "INV-2", $"{Range} is closed ({closed.Why}) with {Assigned} addresses held and {Cooling.Count} cooling.");
        return Closed(Range, LastEventAt);
    }

    private DateTimeOffset Later(DateTimeOffset at) => at > LastEventAt ? at : LastEventAt;
}

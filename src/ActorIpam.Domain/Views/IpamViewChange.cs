using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.EventSourcing;

namespace ActorIpam.Domain.Views;

/// <summary>What a unit changes in the views. The journal applies it in the unit's transaction and asserts that it fits.</summary>
public abstract record IpamViewChange : ViewChange
{
    private IpamViewChange() { }

    /// <summary>The address is held from now on. It must not be held already (INV-1).</summary>
    public sealed record AddressHeld(AddressRow Row) : IpamViewChange;

    /// <summary>The address is held no longer; its row moves to the history. It must be held under this generation (INV-2).</summary>
    /// <param name="Ip">The address.</param>
    /// <param name="Generation">The generation it is held under.</param>
    /// <param name="Pool">The uid of the block's pool, for the history.</param>
    /// <param name="ReleasedAt">When.</param>
    /// <param name="Why">The reason, for the history.</param>
    public sealed record AddressFreed(IpAddress Ip, long Generation, string Pool, DateTimeOffset ReleasedAt, string Why) : IpamViewChange;

    /// <summary>The block exists with these figures; they replace what is stored.</summary>
    public sealed record BlockStands(BlockRow Row) : IpamViewChange;

    /// <summary>The block exists no longer. Its stream and head remain.</summary>
    public sealed record BlockGone(Cidr Block) : IpamViewChange;

    /// <summary>The resource exists with this body; it replaces what is stored.</summary>
    public sealed record ResourceStored(ResourceRow Row) : IpamViewChange;

    /// <summary>The resource exists no longer.</summary>
    public sealed record ResourceGone(string Kind, string Name) : IpamViewChange;

    /// <summary>The request is forgotten, if its row is still the one of this time; else nothing happens.</summary>
    /// <remarks>Its sender must have given up repeating it: at least 24 h old, and nothing of its grant is held (protocol.md §4).</remarks>
    public sealed record RequestForgotten(string Id, DateTimeOffset At) : IpamViewChange;

    /// <summary>The final release of the handle is forgotten, if the handle is still closed through exactly this time; else nothing happens.</summary>
    /// <remarks>No assignment issued at or before that time may still be on its way: at least 24 h after the release (INV-4).</remarks>
    public sealed record CloseForgotten(string Handle, DateTimeOffset Through) : IpamViewChange;

    /// <summary>Whose the block is, or in which pool, changed: what was so until now ends, and something else may begin.</summary>
    /// <remarks>Times of one block never go back: a time before the last one that its history tells counts as that one.</remarks>
    /// <param name="Block">The block.</param>
    /// <param name="At">When.</param>
    /// <param name="Ended">Why it is not as before; empty when it was not there.</param>
    /// <param name="Begins">What it is from now on; null when it is gone. No row of the block may have its version (INV-5).</param>
    public sealed record BlockPassed(Cidr Block, DateTimeOffset At, string Ended, BlockHistoryRow? Begins) : IpamViewChange;

    /// <summary>The attributes of this holder are blanked, wherever its row stands now, and marked so; nothing happens when there is no such row.</summary>
    /// <remarks>It is done after the other changes of its unit.</remarks>
    public sealed record AttributesRedacted(IpAddress Ip, long Generation) : IpamViewChange;

    /// <summary>No instant before this one is answered any more, and of each history some rows that ended before it are deleted, the oldest first.</summary>
    /// <param name="Before">The horizon; one that lies behind the stored one moves nothing.</param>
    /// <param name="Most">At most so many rows of each history.</param>
    public sealed record HistoryForgotten(DateTimeOffset Before, int Most) : IpamViewChange;

    /// <summary>A repair: this is what history tells of who held the address under the generation, and nothing else but what repairs removed.</summary>
    /// <remarks>This and the two below are done after the other changes of their unit, whatever is stored.</remarks>
    /// <param name="Ip">The address.</param>
    /// <param name="Generation">The generation.</param>
    /// <param name="Row">What is told; null for nothing.</param>
    public sealed record HoldingRetold(IpAddress Ip, long Generation, AddressHistoryRow? Row) : IpamViewChange;

    /// <summary>A repair: this is what history tells of the block from a version of its stream on.</summary>
    public sealed record BlockRetold(Cidr Block, long From, ImmutableArray<BlockHistoryRow> Rows) : IpamViewChange;

    /// <summary>A repair: this is what history tells of the resource, the oldest first.</summary>
    public sealed record ResourceRetold(string Kind, string Name, ImmutableArray<ResourceHistoryRow> Rows) : IpamViewChange;

    /// <summary>Whether the change is done behind those that say what is.</summary>
    public bool IsLate => Place > 0;

    /// <summary>The order in which the changes of one unit are made, whatever order it names them in: blank, forget, tell anew.</summary>
    public int Place => this switch
    {
        AttributesRedacted => 1,
        HistoryForgotten => 2,
        HoldingRetold or BlockRetold or ResourceRetold => 3,
        _ => 0,
    };
}

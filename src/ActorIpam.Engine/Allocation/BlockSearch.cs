using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Pools;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Turns;

namespace ActorIpam.Engine.Allocation;

/// <summary>Finds a block for an owner that needs one more, and gives it to them on the draft (semantics.md §5.3, steps 3, 4 and 6).</summary>
internal sealed class BlockSearch(Draft draft, FamilySpec asked, Owner owner)
{
    private readonly HashSet<Cidr> _passOver = [];

    /// <summary>A block was passed over only because this unit closes it: it can be claimed in the next turn.</summary>
    public bool LeftForNextTurn { get; private set; }

    /// <summary>A block nobody has, else an empty one of another owner.</summary>
    /// <param name="choice">The pools to look in.</param>
    /// <param name="room">Who has room in them.</param>
    /// <param name="lacking">True when the draft lacks something: the search must be made again.</param>
    /// <returns>The block, now the owner's; null when there is none, or something is lacking.</returns>
    public FoundBlock? Find(PoolChoice choice, RoomSnapshot room, out bool lacking) =>
        NewBlock(choice, room, out lacking) ?? (lacking ? null : EmptyBlockOfAnother(choice, room, out lacking));

    /// <summary>The first block nobody has, pool by pool; a pool is used up before the next is looked at.</summary>
    private FoundBlock? NewBlock(PoolChoice choice, RoomSnapshot room, out bool lacking)
    {
        lacking = false;
        foreach (var pool in choice.Kept.Where(LeavesRoomInBlocks))
        {
            _passOver.UnionWith(room.Walks[pool.Range].Blocks.Where(static row => row.Owner is null).Select(static row => row.Block));
            if (draft.Peek(pool) is not { } seen)
            {
                lacking = true;
                return null;
            }

            var start = BlockWalk.Start(owner.Name, pool.Grid);
            while (BlockWalk.FirstUnclaimed(seen.State, start, draft.Catalog.Reservations, _passOver) is { } range)
            {
                if (draft.Pool(pool) is not { } change || draft.Block(range) is not { } block)
                {
                    lacking = true;
                    return null;
                }

                if (!block.Now.IsOpen && HasUnreserved(block.Now.Apply(new BlockEvent.Opened(pool.Uid, owner, draft.NowFor(block.Now), asked.HostReserved))))
                {
                    var claimed = Claiming.Claim(draft, pool, change, block, owner, asked.HostReserved, "demand");
                    lacking = claimed is null;
                    return claimed is null ? null : new(claimed, Taking.Claimed, From: null);
                }

                // An orphan the room did not show, or a block in which reservations leave nothing: not for this request.
                _passOver.Add(range);
            }
        }

        return null;
    }

    /// <summary>An empty block that another owner has had for a minute or more.</summary>
    private FoundBlock? EmptyBlockOfAnother(PoolChoice choice, RoomSnapshot room, out bool lacking)
    {
        lacking = false;
        foreach (var pool in choice.Kept.Where(LeavesRoomInBlocks))
        {
            foreach (var row in room.Walks[pool.Range].Blocks.Where(row => LooksReclaimable(row, pool) && !draft.IsDoubtful(row.Block)))
            {
                if (draft.Block(row.Block) is not { } block)
                {
                    lacking = true;
                    return null;
                }

                if (!IsReclaimable(block, pool))
                {
                    LeftForNextTurn |= block.IsClosedHere;
                    continue;
                }

                var from = block.Now.Owner;
                block = Claiming.Reclaim(draft, pool, block, owner, asked.HostReserved);
                lacking = block is null;
                return block is null ? null : new(block, Taking.Reclaimed, from);
            }
        }

        return null;
    }

    private bool LeavesRoomInBlocks(PoolPolicy pool) => (asked.HostReserved?.Count ?? 0) < pool.Grid.BlockAddresses;

    private bool HasUnreserved(Block block) => !block.NextFree(1, ordinal => draft.Catalog.Reservations.Holds(block.AddressAt(ordinal))).IsEmpty;

    private bool LooksReclaimable(BlockRow row, PoolPolicy pool) =>
        row is { Assigned: 0, Cooling: 0, Owner: not null } && row.Owner != owner && row.Pool == pool.Uid
        && IsOldEnough(row.ClaimedAt, draft.Clock) && !draft.Catalog.Reservations.Covers(row.Block);

    private bool IsReclaimable(BlockChange block, PoolPolicy pool) =>
        block.Now.IsEmpty && block.Events.IsEmpty && HasUnreserved(block.Now) && block.Now.Owner is { } other && other != owner && block.Now.Pool == pool.Uid
        && IsOldEnough(block.Now.ClaimedAt, draft.NowFor(block.Now));

    /// <summary>An empty block may be taken from its owner a minute after it was claimed; an unknown time counts as old.</summary>
    private static bool IsOldEnough(DateTimeOffset? claimedAt, DateTimeOffset now) => claimedAt is not { } at || at + TimeSpan.FromSeconds(60) <= now;
}

/// <param name="Block">The block, under its new owner.</param>
/// <param name="Why">Where addresses out of it come from.</param>
/// <param name="From">Who had it until now; null for a block nobody had.</param>
internal readonly record struct FoundBlock(BlockChange Block, string Why, Owner? From);

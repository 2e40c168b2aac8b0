using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Pools;
using ActorIpam.Engine.Turns;

namespace ActorIpam.Engine.Allocation;

/// <summary>Gives blocks to owners and takes them back, on the draft: pool, block and owner change in one unit (INV-5).</summary>
internal static class Claiming
{
    /// <summary>Claims a block that nobody has.</summary>
    /// <returns>The block under its owner, or null when pool and block are remembered from different times and must be read again.</returns>
    public static BlockChange? Claim(Draft draft, PoolPolicy pool, PoolChange poolChange, BlockChange block, Owner owner, HostReserved? kept, string why)
    {
        var range = block.Now.Range;
        if (!Agree(draft, pool, poolChange, range, null))
        {
            return null;
        }

#if PLANTED_BUGS
        if (!EventSourcing.Planted.Is("claim-without-the-pool"))
#endif
        {
            draft.Put(poolChange.With(new PoolEvent.BlockClaimed(range, owner, why)));
        }

        block = block.With(new BlockEvent.Opened(pool.Uid, owner, draft.NowFor(block.Now), kept)) with { ClaimedFor = why };
        draft.Put(block);
        draft.Raise(owner);
        draft.NoteClaim(owner, range);
        return block;
    }

    /// <summary>Takes an empty block from its owner and gives it to another (semantics.md §5.3.4).</summary>
    /// <returns>The block under its new owner, or null when the draft lacks an entry, or has to read again.</returns>
    public static BlockChange? Reclaim(Draft draft, PoolPolicy pool, BlockChange block, Owner owner, HostReserved? kept)
    {
        if (draft.Pool(pool) is not { } poolChange)
        {
            return null;
        }

        var range = block.Now.Range;
        if (!Agree(draft, pool, poolChange, range, block.Now.Owner))
        {
            return null;
        }

        draft.Raise(block.Now.Owner!.Value);
        draft.Raise(owner);
        draft.NoteClaim(owner, range);
        draft.Put(poolChange.With(new PoolEvent.BlockGivenBack(range, "reclaimed")).With(new PoolEvent.BlockClaimed(range, owner, "reclaimed")));
        block = block.With(new BlockEvent.Closed("reclaimed")).With(new BlockEvent.Opened(pool.Uid, owner, draft.NowFor(block.Now), kept)) with { ClaimedFor = "reclaimed" };
        draft.Put(block);
        return block;
    }

    /// <summary>Ends the ownership of a block: an empty one disappears, another becomes an orphan.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="pool">The pool the block was claimed from.</param>
    /// <param name="block">The block, owned.</param>
    /// <param name="why">The reason, for the history.</param>
    /// <returns>False when the draft lacks the pool, or has to read again.</returns>
    public static bool End(Draft draft, PoolPolicy pool, BlockChange block, string why)
    {
        if (draft.Pool(pool) is not { } poolChange)
        {
            return false;
        }

        var range = block.Now.Range;
        if (!Agree(draft, pool, poolChange, range, block.Now.Owner))
        {
            return false;
        }

        draft.Raise(block.Now.Owner!.Value);
        if (block.Now.IsEmpty)
        {
            draft.Put(poolChange.With(new PoolEvent.BlockGivenBack(range, why)));
            draft.Put(block.With(new BlockEvent.Closed(why)));
        }
        else
        {
            draft.Put(poolChange.With(new PoolEvent.BlockOrphaned(range, why)));
            draft.Put(block.With(new BlockEvent.AffinityLost(why)));
        }

        return true;
    }

    /// <summary>Moves a block from a pool to a part of it; whose it is and what is held in it stays. An orphan is in no pool's books, only in its own.</summary>
    /// <returns>False when the draft lacks a pool, or has to read again.</returns>
    public static bool Move(Draft draft, PoolPolicy whole, PoolPolicy part, BlockChange block, string why)
    {
        if (block.Now.Owner is { } owner)
        {
            var (from, to) = (draft.Pool(whole), draft.Pool(part));
            var range = block.Now.Range;
            if (from is null || to is null || !Agree(draft, whole, from, range, owner) || !Agree(draft, part, to, range, null))
            {
                return false;
            }

#if PLANTED_BUGS
            if (!EventSourcing.Planted.Is("moved-block-stays-claimed"))
#endif
            {
                draft.Put(from.With(new PoolEvent.BlockGivenBack(range, why)));
            }

            draft.Put(to.With(new PoolEvent.BlockClaimed(range, owner, why)));
            draft.Raise(owner);
        }

        draft.Put(block.With(new BlockEvent.Moved(part.Uid, why)));
        return true;
    }

    /// <summary>
    /// True if pool and block are remembered alike. Each entry remembers its own stream up to some version; together they may show an instant that never was,
    /// on which no event may be applied. Then both are read again.
    /// </summary>
    private static bool Agree(Draft draft, PoolPolicy pool, PoolChange change, Cidr range, Owner? owner)
    {
        Owner? known = change.Now.Owners.TryGetValue(range, out var claimedFor) ? claimedFor : null;
        if (known == owner)
        {
            return true;
        }

        draft.ReadAgain(range);
        draft.ReadAgain(pool);
        return false;
    }
}

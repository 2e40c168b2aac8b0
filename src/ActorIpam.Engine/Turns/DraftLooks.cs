using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Pools;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.Actors;

namespace ActorIpam.Engine.Turns;

/// <summary>What plans look at and what they take the locks of.</summary>
internal sealed partial class Draft
{
    private readonly Dictionary<StreamId, (Block State, Head Head)> _peeked = [];
    private readonly Dictionary<StreamId, (Pool State, Head Head)> _peekedPools = [];

    /// <summary>A block to be written; null when it is not held yet.</summary>
    public BlockChange? Block(Cidr block)
    {
        var id = Streams.Block(block);
        if (_state.Changes.GetValueOrDefault(id) is BlockChange known)
        {
            return known;
        }

        var entry = EntryOf(id, block);
        if (Take(entry, _peeked) is not var (state, head))
        {
            return null;
        }

        var change = new BlockChange(entry, state, head);
        _state = _state with { Changes = _state.Changes.SetItem(id, change) };
        return change;
    }

    /// <summary>Blocks to be written, asked for together: one more round fetches them, where each would take one of its own. False when one is not held yet.</summary>
    public bool HoldsAll(IEnumerable<Cidr> blocks)
    {
        var all = true;
        foreach (var block in blocks)
        {
            all &= Block(block) is not null;
        }

        return all;
    }

    /// <summary>A block to be looked at. It is read without a lock; fence its head when the answer depends on it.</summary>
    public (Block State, Head Head)? Peek(Cidr block)
    {
        var id = Streams.Block(block);
        if (_state.Changes.GetValueOrDefault(id) is BlockChange known)
        {
            return (known.Now, known.Expected);
        }

        // Once looked at, a block stays as it was seen for the whole plan: two looks at two states would prove nothing.
        return _peeked.TryGetValue(id, out var peeked) ? peeked : Look(EntryOf(id, block), _peeked);
    }

    /// <summary>A block as this plan has seen it already; null when it has not looked. Asks for nothing, so an answer must not depend on it.</summary>
    public Block? Recall(Cidr block) =>
        ((_state.Changes.GetValueOrDefault(Streams.Block(block)) as BlockChange)?.Now ?? _peeked.GetValueOrDefault(Streams.Block(block)).State) is { IsOpen: true } known ? known : null;

    /// <summary>A pool as this plan has seen it already; null when it has not looked.</summary>
    public Pool? RecallPool(PoolPolicy pool) =>
        (_state.Changes.GetValueOrDefault(Streams.Pool(pool.Uid)) as PoolChange)?.Now ?? _peekedPools.GetValueOrDefault(Streams.Pool(pool.Uid)).State;

    /// <summary>A pool to be written; null when it is not held yet.</summary>
    public PoolChange? Pool(PoolPolicy pool)
    {
        var id = Streams.Pool(pool.Uid);
        if (_state.Changes.GetValueOrDefault(id) is PoolChange known)
        {
            return known;
        }

        var entry = EntryOf(id, pool);
        if (Take(entry, _peekedPools) is not var (state, head))
        {
            return null;
        }

        var change = new PoolChange(entry, state, head);
        _state = _state with { Changes = _state.Changes.SetItem(id, change) };
        return change;
    }

    /// <summary>A pool to be looked at. It is read without a lock, so that whoever finds nothing in it keeps nobody waiting; its head is fenced.</summary>
    public (Pool State, Head Head)? Peek(PoolPolicy pool)
    {
        var id = Streams.Pool(pool.Uid);
        if (_state.Changes.GetValueOrDefault(id) is PoolChange known)
        {
            return (known.Now, known.Expected);
        }

        if ((_peekedPools.TryGetValue(id, out var before) ? before : Look(EntryOf(id, pool), _peekedPools)) is not { } peeked)
        {
            return null;
        }

#if PLANTED_BUGS
        if (Planted.Is("peeked-pool-not-fenced"))
        {
            return peeked;
        }

#endif
        Fence(id, peeked.Head);
        return peeked;
    }

    /// <summary>What is known of an owner; null when it must be looked at first.</summary>
    public OwnerSight? Owner(Owner owner)
    {
        needs.Owners.Add(owner);
        var sight = supplies.Sights.Find(owner, Catalog);
        needs.IsUnmet |= sight is null;
        return sight;
    }

    /// <summary>What was known of an owner is old: the plan waits for a new look.</summary>
    public void LookAgain(Owner owner)
    {
        supplies.Sights.Forget(owner);
        needs.IsUnmet = true;
    }

    /// <summary>What is remembered of a block is old: the plan waits until it is read again, held.</summary>
    public void ReadAgain(Cidr block) => ReadAgain(EntryOf(Streams.Block(block), block));

    /// <summary>What is remembered of a pool is old: the plan waits until it is read again, held.</summary>
    public void ReadAgain(PoolPolicy pool) => ReadAgain(EntryOf(Streams.Pool(pool.Uid), pool));

    /// <summary>The catalog known is old: the plan waits for a new look.</summary>
    public void LookAtPolicyAgain()
    {
        supplies.Sights.ForgetPolicy();
        needs.IsUnmet = true;
    }

    /// <summary>True when nobody knows yet what became of a unit on this block, which another turn holds.</summary>
    public bool IsDoubtful(Cidr block)
    {
        var id = Streams.Block(block);
        var doubtful = !hold.Has(id) && EntryOf(id, block).IsDoubtful;
        SkippedDoubtful |= doubtful;
        return doubtful;
    }

    /// <summary>The entry of a block: the one that this turn has read already, also when the member has passivated it since, so that a turn may look at more streams than are kept.</summary>
    private Entry<Block, BlockEvent> EntryOf(StreamId id, Cidr block) => needs.Known(id) as Entry<Block, BlockEvent> ?? supplies.BlockEntry(block);

    private Entry<Pool, PoolEvent> EntryOf(StreamId id, PoolPolicy pool) => needs.Known(id) as Entry<Pool, PoolEvent> ?? supplies.PoolEntry(pool);

    private void ReadAgain(Entry entry)
    {
        entry.MarkStale();
        needs.Held[entry.Id] = entry;
        needs.IsUnmet = true;
    }

    /// <summary>What is remembered of a stream, without its lock; null when it must be read first.</summary>
    private (TState State, Head Head)? Look<TState, TEvent>(Entry<TState, TEvent> entry, Dictionary<StreamId, (TState State, Head Head)> looks)
        where TState : class, IAggregate<TState, TEvent>
    {
        if (entry.IsStale)
        {
            needs.Read[entry.Id] = entry;
            needs.IsUnmet = true;
            return null;
        }

        return looks[entry.Id] = entry.Recall();
    }

    /// <summary>What is remembered of a stream, with its lock; null when that cannot be had at once.</summary>
    private (TState State, Head Head)? Take<TState, TEvent>(Entry<TState, TEvent> entry, Dictionary<StreamId, (TState State, Head Head)> looks)
        where TState : class, IAggregate<TState, TEvent>
    {
        if (!Hold(entry))
        {
            return null;
        }

        var now = entry.Recall();
        if (looks.TryGetValue(entry.Id, out var look) && look.Head != now.Head)
        {
            // It moved between the look and the lock: the plan has drawn conclusions from the look.
            needs.IsUnmet = true;
            return null;
        }

        return now;
    }

    /// <summary>
    /// Takes the lock of an entry if nobody has it. Otherwise the need is noted: the turn gives all locks back, waits for this one with the others in
    /// their order and plans again.
    /// </summary>
    private bool Hold(Entry entry)
    {
        if (hold.Has(entry.Id))
        {
            return true;
        }

        needs.Held[entry.Id] = entry;
        if (hold.TryTake(entry))
        {
            return true;
        }

        needs.IsUnmet = true;
        return false;
    }
}

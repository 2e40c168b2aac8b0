using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Pools;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Explaining;
using ActorIpam.Engine.Turns;

namespace ActorIpam.Engine.Allocation;

/// <summary>Assigns the addresses of one family on a draft: own blocks, then new ones, reclaimed ones, borrowed addresses (semantics.md §5).</summary>
/// <remarks>
/// Every step returns false when the draft lacks something; the whole plan is then made again. A refusal or a short answer rests on what was
/// fenced on the way, or on the proof of <see cref="Exhaustion"/>.
/// </remarks>
internal sealed class FamilyAssignment(Draft draft, AssignSpec spec, IpFamily family, OwnerSight owner, Node? node)
{
    /// <summary>The limit of blocks that holds when neither the request nor the configuration names one (semantics.md §5.2).</summary>
    private const int DefaultBlockLimit = 20;

    private readonly FamilySpec _asked = spec.For(family);
    private readonly BlockSearch _search = new(draft, spec.For(family), owner.Owner);

    /// <summary>What this plan itself gives back is not worth waiting for.</summary>
    private readonly HashSet<Cidr> _givenUp = [];

    public FamilyResult Result { get; } = new(family, spec.For(family).Count);

    /// <summary>Runs the plan to its end.</summary>
    /// <returns>False when the draft lacks something.</returns>
    public bool Run()
    {
        var choice = PoolChoice.Choose(draft.Catalog, family, _asked, spec.Use, node, spec.NamespaceLabels);
        if (choice.IsRefused)
        {
            var refusal = choice.Refusals[0];
            Result.Error = refusal.Code is RefusalCode.NoPoolSelectsNode or RefusalCode.NoQualifiedPool
                ? refusal with { Message = $"{refusal.Message} {FamilyStory.NoPool(draft.Catalog, family, spec, node)}." }
                : refusal;
            return true;
        }

        return GiveUpStrayBlocks(choice.Value) && TakeFromOwnBlocks(choice.Value) && (Result.Missing == 0 || GoBeyondOwnBlocks(choice.Value));
    }

    /// <summary>Finds a block the owner has in the chosen pools, or claims one.</summary>
    /// <returns>The block or a refusal; null when the draft lacks something.</returns>
    public Answer<Cidr>? EnsureBlock()
    {
        var choice = PoolChoice.Choose(draft.Catalog, family, _asked, spec.Use, node, spec.NamespaceLabels);
        if (choice.IsRefused)
        {
            return choice.Refusals;
        }

        if (OwnBlocks(choice.Value).Cast<Cidr?>().FirstOrDefault() is { } own)
        {
            return own;
        }

        if (!MayClaim(choice.Value))
        {
            return Result.Error!;
        }

        if (Exhaustion.See(draft, choice.Value.Kept, owner.Owner) is not { } room)
        {
            return null;
        }

        var claimed = _search.Find(choice.Value, room, out var lacking);
        if (lacking)
        {
            return null;
        }

        return claimed is { } block
            ? block.Block.Now.Range
            : new Refusal(RefusalCode.Exhausted, $"No free block is left in {string.Join(", ", choice.Value.Kept.Select(static pool => pool.Name))}.");
    }

    /// <summary>Empty blocks of pools that no longer select this node go back (semantics.md §5.1, step 5). What does not look empty is left alone.</summary>
    private bool GiveUpStrayBlocks(PoolChoice choice)
    {
        foreach (var row in owner.Blocks.Where(row => row.Block.Family == family && row is { Assigned: 0, Cooling: 0 }))
        {
            var pool = draft.Catalog.PoolByUid(row.Pool);
            if (pool is null || pool.Disabled || choice.Considered.Contains(pool) || PoolChoice.Selects(pool, node))
            {
                continue;
            }

            if (draft.Block(row.Block) is not { } block)
            {
                return false;
            }

            if (block.Now.Owner != owner.Owner || !block.Now.IsEmpty)
            {
                continue;
            }

            if (!Claiming.End(draft, pool, block, "node-deselected"))
            {
                return false;
            }

            _givenUp.Add(row.Block);
        }

        return true;
    }

    private bool TakeFromOwnBlocks(PoolChoice choice)
    {
        var own = OwnBlocks(choice).ToArray();
        foreach (var range in own)
        {
            if (Result.Missing == 0)
            {
                break;
            }

            if (draft.Catalog.Reservations.Covers(range))
            {
                continue;
            }

            if (draft.Peek(range) is not { } seen)
            {
                return false;
            }

            if (!MayHaveRoom(seen.State))
            {
                continue;
            }

            if (draft.Block(range) is not { } block)
            {
                return false;
            }

            if (block.Now.Owner == owner.Owner)
            {
                Result.Add(Taking.From(draft, block, Result.Missing, spec.Holding, new(Taking.Own, From: null, own.Length)), borrowed: false);
            }
        }

        return true;
    }

    /// <summary>More than the own blocks hold is wanted: everything below also rests on the set of own blocks and on each of them being full.</summary>
    private bool GoBeyondOwnBlocks(PoolChoice choice)
    {
        draft.FenceHost(owner);
        foreach (var range in OwnBlocks(choice))
        {
            if (draft.Peek(range) is not { } seen)
            {
                return false;
            }

            if (seen.State.Owner != owner.Owner)
            {
                draft.ReadAgain(range);
                draft.LookAgain(owner.Owner);
                return false;
            }

            draft.Fence(Streams.Block(range), seen.Head);
        }

        return ClaimBlocks(choice) && (Result.Missing == 0 || Result.Error is not null || Borrow(choice) && Conclude(choice));
    }

    private bool ClaimBlocks(PoolChoice choice)
    {
        while (Result.Missing > 0)
        {
            if (!MayClaim(choice))
            {
                return true;
            }

            if (Exhaustion.See(draft, choice.Kept, owner.Owner) is not { } room)
            {
                return false;
            }

            var owned = OwnBlocks(choice).Count();
            var claimed = _search.Find(choice, room, out var lacking);
            if (lacking || claimed is null)
            {
                Result.LeftForNextTurn |= _search.LeftForNextTurn;
                return !lacking;
            }

            Result.Add(Taking.From(draft, claimed.Value.Block, Result.Missing, spec.Holding, new(claimed.Value.Why, claimed.Value.From, owned)), borrowed: false);
        }

        return true;
    }

    /// <summary>The limit and the switch are looked at each time a further block would be needed (semantics.md §5.2, §5.3.2).</summary>
    private bool MayClaim(PoolChoice choice)
    {
        var limit = (spec.MaxBlocks, draft.Catalog.Rules.MaxBlocksPerHost) switch
        {
            ( > 0, > 0) both => Math.Min(both.Item1, both.Item2),
            (var own, var all) => Math.Max(own, all) > 0 ? Math.Max(own, all) : DefaultBlockLimit,
        };
        if (OwnBlocks(choice).Count() >= limit)
        {
            Result.Say($"block_limit:{limit}", $"{owner.Owner.Name} has its limit of {limit} {family.Text()} blocks.");
            Result.Error = new(RefusalCode.BlockLimit, $"{owner.Owner.Name} has its limit of {limit} {family.Text()} blocks and they are full: {FamilyStory.Shortage(draft, choice.Kept, owner)}.");
            return false;
        }

        if (!draft.Catalog.Rules.AutoAllocateBlocks)
        {
            Result.Say("auto_allocate_off", "New blocks are not claimed automatically (autoAllocateBlocks is false).");
            Result.Error = new(RefusalCode.AutoAllocateOff, "A new block is needed, and autoAllocateBlocks is false.");
            return false;
        }

        return true;
    }

    private bool Borrow(PoolChoice choice)
    {
#if PLANTED_BUGS
        if (!EventSourcing.Planted.Is("strict-affinity-ignored"))
#endif
        {
            if (draft.Catalog.Rules.StrictAffinity)
            {
                return true;
            }
        }

        var room = Exhaustion.See(draft, choice.Kept, owner.Owner);
        var owned = OwnBlocks(choice).Count();
        foreach (var row in choice.Kept.SelectMany(pool => room!.Walks[pool.Range].Blocks))
        {
            if (Result.Missing == 0 || draft.Catalog.Reservations.Covers(row.Block) || draft.IsDoubtful(row.Block))
            {
                continue;
            }

            if (row.Free + row.Cooling == 0 || _givenUp.Contains(row.Block))
            {
                continue;
            }

            if (draft.Block(row.Block) is not { } block)
            {
                return false;
            }

            var source = new Source(Taking.Borrowed, block.Now.Owner == owner.Owner ? null : block.Now.Owner, owned);
            Result.Add(Taking.From(draft, block, Result.Missing, spec.Holding, source), block.Now.Owner != owner.Owner);
        }

        return true;
    }

    /// <summary>Still short: that is said only when it is proven, or left to the next turn when this unit itself is the reason.</summary>
    private bool Conclude(PoolChoice choice)
    {
        if (Result.Missing == 0 || Result.LeftForNextTurn)
        {
            return true;
        }

        if (!draft.SkippedDoubtful && !Exhaustion.IsProven(draft, choice.Kept, owner))
        {
            return false;
        }

        if (draft.Catalog.Rules.StrictAffinity)
        {
            Result.Say("strict_no_blocks", $"No free block is left for {owner.Owner.Name}, and strictAffinity forbids borrowing: {FamilyStory.Shortage(draft, choice.Kept, owner)}.");
        }
        else
        {
            Result.Say("pools_exhausted", $"No address is left: {FamilyStory.Shortage(draft, choice.Kept, owner)}.");
        }

        return true;
    }

    private IEnumerable<Cidr> OwnBlocks(PoolChoice choice) =>
        draft.BlocksOf(owner).Where(block => block.Family == family && choice.Kept.Any(pool => pool.Range.Contains(block)));

    private bool MayHaveRoom(Block block) =>
        block.IsOpen && (block.Free.Count > 0 || block.EndCooldowns(draft.NowFor(block), draft.Catalog.Rules.Cooldown) is not null);
}

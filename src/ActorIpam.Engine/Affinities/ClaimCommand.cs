using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine.Allocation;
using ActorIpam.Engine.Turns;

namespace ActorIpam.Engine.Affinities;

/// <summary>Claims given blocks for an owner; those that others have, or that are orphans, fail (semantics.md §9.4).</summary>
/// <param name="owner">The owner.</param>
/// <param name="pool">The pool they lie in, as the door saw it; it must still be there and enabled.</param>
/// <param name="blocks">The blocks, in address order.</param>
internal sealed class ClaimCommand(Owner owner, PoolPolicy pool, ImmutableArray<Cidr> blocks) : Command<Answer<AffinityAnswer>>
{
    protected override Planned Plan(Draft draft, out Answer<AffinityAnswer> result)
    {
        result = default;
        draft.FencePolicy();
        if (draft.Catalog.Recovery is { } recovery)
        {
            result = recovery.Refusal;
            return Planned.Drafted;
        }

        if (draft.Catalog.PoolByUid(pool.Uid) is not { Disabled: false } current)
        {
            result = new Refusal(RefusalCode.NotInPool, $"{blocks[0]} is in no enabled pool.", "cidr");
            return Planned.Drafted;
        }

        if (draft.Owner(owner) is not { } sight || draft.Pool(current) is null || !draft.HoldsAll(blocks))
        {
            return Planned.Waits;
        }

        draft.FenceNode(sight);
        var (claimed, failed) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<string>());
        foreach (var range in blocks)
        {
            var block = draft.Block(range)!;
            if (!block.Now.IsOpen)
            {
                if (Claiming.Claim(draft, current, draft.Pool(current)!, block, owner, kept: null, "asked") is null)
                {
                    return Planned.Waits;
                }
            }

            (draft.Block(range)!.Now.Owner == owner ? claimed : failed).Add(range.ToString());
        }

        result = new AffinityAnswer { Claimed = claimed.ToImmutable(), Failed = failed.ToImmutable() };
        return Planned.Drafted;
    }
}

using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Pools;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Turns;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.Allocation;

/// <summary>Looks at who has room, and proves that nobody has (INV-9).</summary>
/// <remarks>
/// The proof rests on one snapshot taken in this turn, after the question: the heads of policy, node, host and pools in it are those the draft was
/// made from, and every block that had room in it was consulted at exactly that version. So at the instant of the snapshot all blocks of the pools
/// were claimed or orphans, those outside the list were full, and those in it held no more than the plan took. It is taken twice, with a commit between.
/// </remarks>
internal static class Exhaustion
{
    /// <summary>The blocks with room in these pools, in the owner's walk order; null when the turn has not looked yet.</summary>
    public static RoomSnapshot? See(Draft draft, ImmutableArray<PoolPolicy> pools, Owner owner)
    {
        foreach (var pool in pools)
        {
            draft.Needs.Walks[pool.Range] = new(pool.Range, pool.Grid.BlockAt(BlockWalk.Start(owner.Name, pool.Grid)).First);
            draft.Needs.WalkedPools.Add(Streams.Pool(pool.Uid));
        }

        // A range alone does not say whose it is: the pool may have been made anew since somebody looked.
        if (draft.Room is { } room && pools.All(pool => room.Walks.ContainsKey(pool.Range) && room.Heads.ContainsKey(Streams.Pool(pool.Uid))))
        {
            return room;
        }

        draft.Needs.Room = null;
        draft.Needs.IsUnmet = true;
        return null;
    }

    /// <summary>Judges the snapshot as a proof that the pools have nothing left for this owner but what the plan took.</summary>
    /// <returns>False when it proves nothing; what has to be looked at again is noted.</returns>
    public static bool IsProven(Draft draft, ImmutableArray<PoolPolicy> pools, OwnerSight owner)
    {
        var room = draft.Room!;
        var proven = SeenTogether(draft, room, owner);
        foreach (var pool in pools)
        {
            if (draft.Peek(pool) is not { } known || room.Heads[Streams.Pool(pool.Uid)] != known.Head)
            {
                draft.ReadAgain(pool);
                proven = false;
            }

            var seen = room.Walks[pool.Range];
            if (seen.More)
            {
                draft.Needs.MostOfWalk *= 4;
                draft.Needs.IsUnmet = true;
                proven = false;
            }

            proven &= ConsultedAll(draft, seen, owner);
        }

        var ranges = pools.Select(static pool => pool.Range);
        if (!proven)
        {
            draft.Needs.FullBeforeCommit.ExceptWith(ranges);
        }
        else if (!AreConfirmed(draft, ranges))
        {
            draft.Needs.FullUntilCommit.UnionWith(ranges);
            (draft.Needs.IsUnmet, proven) = (true, false);
        }

        if (!proven)
        {
            // What is read again is compared with what is seen then.
            draft.Needs.Room = null;
        }

        return proven;
    }

    /// <summary>Blocks outside the list are fenced by nothing, so that they were full must be as durable as the answer before it leaves (docs/decisions/0011).</summary>
    private static bool AreConfirmed(Draft draft, IEnumerable<Cidr> ranges)
    {
#if PLANTED_BUGS
        if (EventSourcing.Planted.Is("what-is-read-is-told"))
        {
            return true;
        }

#endif
        return draft.Needs.FullBeforeCommit.IsSupersetOf(ranges);
    }

    private static bool SeenTogether(Draft draft, RoomSnapshot room, OwnerSight owner)
    {
        var policyStands = Stands(room, Streams.Policy, draft.Policy.Head);
        if (!policyStands)
        {
            draft.LookAtPolicyAgain();
        }

        var ownerStands = (owner.Owner.Kind == OwnerKind.Virtual || Stands(room, Streams.Node(owner.Owner.Name), owner.Node))
            && Stands(room, Streams.Host(owner.Owner), owner.Host);
        if (!ownerStands)
        {
            draft.LookAgain(owner.Owner);
        }

        return policyStands && ownerStands;
    }

    private static bool Stands(RoomSnapshot room, StreamId stream, Head head) => room.Heads.TryGetValue(stream, out var seen) && seen == head;

    private static bool ConsultedAll(Draft draft, RoomSeen seen, OwnerSight owner)
    {
        var all = true;
        foreach (var row in seen.Blocks.Where(row => row.Free + row.Cooling > 0 && MatterTo(draft, row, owner)))
        {
            if (draft.Peek(row.Block) is not { } known || known.Head.Version != row.Version)
            {
                draft.ReadAgain(row.Block);
                all = false;
            }
        }

        return all;
    }

    /// <summary>With strict affinity the addresses in blocks of others are nothing to this owner; an empty one that is too young is judged from its row.</summary>
    private static bool MatterTo(Draft draft, BlockRow row, OwnerSight owner) =>
        !draft.Catalog.Reservations.Covers(row.Block) && (!draft.Catalog.Rules.StrictAffinity || row.Owner == owner.Owner);
}

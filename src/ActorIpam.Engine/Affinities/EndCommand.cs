using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Engine.Allocation;
using ActorIpam.Engine.Turns;

namespace ActorIpam.Engine.Affinities;

/// <summary>Ends the ownership of one block: an empty one disappears, another becomes an orphan (semantics.md §9.3).</summary>
/// <param name="range">The block.</param>
/// <param name="owner">Only while it is this owner's; null for whoever has it.</param>
/// <param name="mustBeEmpty">Refuses a block with addresses in it.</param>
/// <param name="why">The reason, for the history.</param>
/// <param name="onlyWithoutNode">Only while the owner's node is gone; that is fenced (protocol.md §5, remove a host).</param>
internal sealed class EndCommand(Cidr range, Owner? owner, bool mustBeEmpty, string why, bool onlyWithoutNode = false) : Command<Answer<bool>>
{
    /// <summary>Only an ownership that began at or before this time; null for any.</summary>
    public DateTimeOffset? OnlyClaimedThrough { get; init; }

    /// <summary>Only while nothing has happened to the block since this version of its stream; null for any.</summary>
    public long? OnlyAtVersion { get; init; }

    /// <summary>Only while the owner has another block of the family; that is fenced, so that two members cannot take the last two (semantics.md §12.2).</summary>
    public bool KeepsOne { get; init; }

    /// <remarks>The answer is true when the ownership was ended, false when there was none to end.</remarks>
    protected override Planned Plan(Draft draft, out Answer<bool> result)
    {
        result = false;
        if (draft.Block(range) is not { } block)
        {
            return Planned.Waits;
        }

        if (block.Now.Owner is not { } present || (owner is not null && present != owner) || !IsAsSeen(block))
        {
            return Planned.Drafted;
        }

        if (KeepsOne)
        {
            if (draft.Owner(present) is not { } sight)
            {
                return Planned.Waits;
            }

            draft.FenceHost(sight);
            if (!draft.BlocksOf(sight).Any(other => other != range && other.Family == range.Family))
            {
                return Planned.Drafted;
            }
        }

        if (onlyWithoutNode)
        {
            if (draft.Owner(present) is not { } sight)
            {
                return Planned.Waits;
            }

#if PLANTED_BUGS
            if (!EventSourcing.Planted.Is("orphaning-without-the-node-fence"))
#endif
            {
                draft.FenceNode(sight);
            }

            if (draft.Catalog.Node(present.Name) is not null)
            {
                return Planned.Drafted;
            }
        }

        if (mustBeEmpty && !block.Now.IsEmpty)
        {
            result = new Refusal(RefusalCode.NotEmpty, $"Block {range} of {present.Name} has {block.Now.Assigned} addresses held and {block.Now.Cooling.Count} cooling.", "cidr");
            return Planned.Drafted;
        }

        if (draft.Catalog.PoolByUid(block.Now.Pool) is not { } pool)
        {
            // Deleting a pool ends every ownership before the pool goes, so an owned block always has its pool.
            draft.LookAtPolicyAgain();
            return Planned.Waits;
        }

        result = true;
        return Claiming.End(draft, pool, block, why) ? Planned.Drafted : Planned.Waits;
    }

    private bool IsAsSeen(BlockChange block) =>
        (OnlyClaimedThrough is not { } through || block.Now.ClaimedAt is not { } claimed || claimed <= through)
        && (OnlyAtVersion is not { } version || block.Expected.Version == version);
}

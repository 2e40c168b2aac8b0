using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Engine.Allocation;
using ActorIpam.Engine.Turns;

namespace ActorIpam.Engine.Affinities;

/// <summary>Moves one block from a pool that is being split to the part that holds it; owner and addresses stay (semantics.md §4.5).</summary>
/// <param name="range">The block.</param>
/// <param name="from">The uid of the pool that is being split; it must be disabled.</param>
/// <param name="to">The uid of the part.</param>
internal sealed class MoveCommand(Cidr range, string from, string to) : Command<Answer<bool>>
{
    /// <remarks>The answer is true when the block was moved, false when it belongs to the pool no longer.</remarks>
    protected override Planned Plan(Draft draft, out Answer<bool> result)
    {
        result = false;
        draft.FencePolicy();
        if (draft.Block(range) is not { } block)
        {
            return Planned.Waits;
        }

        if (!block.Now.IsOpen || block.Now.Pool != from)
        {
            return Planned.Drafted;
        }

        if (draft.Catalog.PoolByUid(from) is not { Disabled: true } whole || draft.Catalog.PoolByUid(to) is not { } part || !part.Range.Contains(range))
        {
            result = new Refusal(RefusalCode.Conflict, $"The pool of block {range} was enabled, or one of its parts deleted, while it was being split.", "pool");
            return Planned.Drafted;
        }

        result = true;
        return Claiming.Move(draft, whole, part, block, "split") ? Planned.Drafted : Planned.Waits;
    }
}

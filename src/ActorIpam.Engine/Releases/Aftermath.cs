using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Engine.Allocation;
using ActorIpam.Engine.Turns;

namespace ActorIpam.Engine.Releases;

/// <summary>What follows when addresses left a block (semantics.md §7.4), in the same unit.</summary>
internal static class Aftermath
{
    /// <summary>An empty orphan disappears; an empty block whose enabled pool no longer selects its node goes back.</summary>
    /// <returns>False when the draft lacks something.</returns>
    public static bool Plan(Draft draft, Cidr range)
    {
        var block = draft.Block(range)!;
        if (!block.Now.IsEmpty)
        {
            return true;
        }

        if (block.Now.Owner is not { } owner)
        {
            draft.Put(block.With(new BlockEvent.Closed("orphan-empty")));
            return true;
        }

        if (owner.Kind != OwnerKind.Host || draft.Catalog.PoolByUid(block.Now.Pool) is not { Disabled: false } pool)
        {
            return true;
        }

        if (draft.Catalog.Node(owner.Name) is not { } node || PoolChoice.Selects(pool, node))
        {
            return true;
        }

        if (draft.Owner(owner) is not { } sight)
        {
            return false;
        }

        draft.FenceNode(sight);
        return Claiming.End(draft, pool, block, "node-deselected");
    }
}

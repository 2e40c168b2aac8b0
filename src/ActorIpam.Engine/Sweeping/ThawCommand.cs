using ActorIpam.Domain.Addressing;
using ActorIpam.Engine.Allocation;
using ActorIpam.Engine.Releases;
using ActorIpam.Engine.Turns;

namespace ActorIpam.Engine.Sweeping;

/// <summary>Ends the cooldowns of one block that are over (semantics.md §12.2, cooldown backstop). INV-11: the unit fences the policy that says how long they last.</summary>
internal sealed class ThawCommand(Cidr range) : Command<int>
{
    /// <remarks>The answer is the number of addresses that are free again; zero writes nothing.</remarks>
    protected override Planned Plan(Draft draft, out int result)
    {
        result = 0;
        draft.FencePolicy();
        if (draft.Block(range) is not { } block)
        {
            return Planned.Waits;
        }

        var thawed = Taking.Thawed(draft, block);
#if PLANTED_BUGS
        if (EventSourcing.Planted.Is("cooldown-sweep-ends-early") && Domain.Blocks.BlockDecisions.EndCooldowns(block.Now, draft.NowFor(block.Now), TimeSpan.Zero) is { } early)
        {
            thawed = block.With(early);
        }

#endif
        result = block.Now.Cooling.Count - thawed.Now.Cooling.Count;
        if (result == 0)
        {
            return Planned.Drafted;
        }

        draft.Put(thawed);
        return Aftermath.Plan(draft, range) ? Planned.Drafted : Planned.Waits;
    }
}

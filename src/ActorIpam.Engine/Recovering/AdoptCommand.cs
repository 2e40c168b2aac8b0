using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Allocation;
using ActorIpam.Engine.Turns;

namespace ActorIpam.Engine.Recovering;

/// <summary>Takes over one address that its holder reports during a recovery, if nothing the journal knows stands against it.</summary>
/// <remarks>
/// Fenced on <c>policy</c>: a recovery that ends meanwhile makes it lose. Selectors, limits, affinity and cooldown are not consulted: the address is in use. A pool
/// that is disabled is (INV-10), because an operator may enable it. What the report names was issued before it: so a final release that is issued later ends it,
/// and one that came first keeps it from being taken over (INV-4).
/// </remarks>
internal sealed class AdoptCommand(Holding holding, IpAddress ip) : Command<Answer<Adoption>>
{
    /// <summary>Why the address is assigned, in its event.</summary>
    public const string Adopted = "adopted";

    /// <summary>The handle was finally released after the list was made.</summary>
    public override bool Refuse(IpamGuardRefusal refusal) => AnswerNow(Adoption.Finished);

    protected override Planned Plan(Draft draft, out Answer<Adoption> result)
    {
        result = default;
        if (draft.IsGuarded(holding.Handle, holding.RequestId))
        {
            return Planned.NextTurn;
        }

        draft.FencePolicy();
        if (draft.Catalog.Recovery is null)
        {
            return Say(RecoveryRecord.NotRecovering, out result);
        }

        if (draft.Catalog.PoolServing(ip) is not { } pool || pool.Grid.Count == 0)
        {
            return Say(new(RefusalCode.NotInPool, $"{ip} is in no enabled pool: create or enable the one it was given from, and report again."), out result);
        }

        if (draft.Owner(holding.Owner) is not { } owner || draft.Block(pool.Grid.BlockOf(ip)) is not { } block)
        {
            return Planned.Waits;
        }

        draft.FenceNode(owner);
        if (!block.Now.IsOpen)
        {
            if (draft.Pool(pool) is not { } poolChange || Claiming.Claim(draft, pool, poolChange, block, holding.Owner, kept: null, Adopted) is not { } claimed)
            {
                return Planned.Waits;
            }

            block = claimed;
        }

        return Take(draft, block, out result);
    }

    private Planned Take(Draft draft, BlockChange block, out Answer<Adoption> result)
    {
        result = default;
        var ordinal = block.Now.OrdinalOf(ip);
        var slot = block.Now.Slots[ordinal];
        if (block.Touched.Contains(ordinal))
        {
            return Planned.NextTurn;
        }

        switch (slot.State)
        {
            case SlotState.HostReserved:
                return Say(new(RefusalCode.AlreadyAssigned, $"{ip} is kept by the host of its block."), out result);
            case SlotState.Held when slot.Handle == holding.Handle && slot.Holder == holding.Owner:
                result = Adoption.Known;
                return Planned.Drafted;
            case SlotState.Held:
                return Say(
                    new(RefusalCode.AlreadyAssigned, $"{ip} is held by {slot.Handle ?? "nobody named"} of {slot.Holder.Name} in the journal: release it there if that is over, and report again."), out result);
            case SlotState.Cooling:
                block = block.With(new BlockEvent.CooldownEnded([ordinal]));
                break;
        }

        var from = block.Now.Owner == holding.Owner ? null : block.Now.Owner;
        (block, _) = Taking.Assign(draft, block, ordinal, holding, Adopted, new Source(Adopted, from, Blocks: null).On(draft, block));
        draft.PutTouched(block, 1);
        if (holding is { Handle: { } handle, Issued: { } issued })
        {
            draft.Guard(this, new IpamGuard.HandleOpen(handle, issued, []));
        }

        result = Adoption.New;
        return Planned.Drafted;
    }

    private static Planned Say(Refusal refusal, out Answer<Adoption> result)
    {
        result = refusal;
        return Planned.Drafted;
    }
}

/// <summary>What became of an address that was reported.</summary>
internal enum Adoption
{
    /// <summary>The journal says the same already.</summary>
    Known,

    /// <summary>It is held from now on.</summary>
    New,

    /// <summary>It was released since it was reported.</summary>
    Finished,
}

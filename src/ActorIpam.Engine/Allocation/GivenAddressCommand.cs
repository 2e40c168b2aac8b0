using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Turns;

namespace ActorIpam.Engine.Allocation;

/// <summary>Assignment of one given address (semantics.md §6): selectors, limits and reservations are not consulted.</summary>
/// <param name="holding">Who will hold it.</param>
/// <param name="ip">The address.</param>
/// <param name="use">Checked against the pool when given.</param>
/// <param name="maxPerHandle">The handle's cap in this family; 0 for none.</param>
/// <param name="dryRun">Decides and proves only.</param>
internal sealed class GivenAddressCommand(Holding holding, IpAddress ip, PoolUse? use, int maxPerHandle, bool dryRun = false) : Command<AssignEnd>
{
    public override bool Refuse(IpamGuardRefusal refusal) => AnswerNow(AssignEnd.Of(refusal));

    protected override Planned Plan(Draft draft, out AssignEnd? result)
    {
        result = null;
        if (draft.IsGuarded(holding.Handle, holding.RequestId))
        {
            return Planned.NextTurn;
        }

        var mark = draft.Mark();
        draft.FencePolicy();
        if (draft.Catalog.Recovery is { } recovery)
        {
            result = AssignEnd.Of(new AssignResult([], [], recovery.Refusal));
            return Planned.Drafted;
        }

        if (draft.Catalog.PoolServing(ip) is not { } pool || pool.Grid.Count == 0)
        {
            return Say(RefusalCode.NotInPool, $"{ip} is in no enabled pool.", out result);
        }

        if (use is { } wanted && !pool.Allows(wanted))
        {
            return Say(RefusalCode.UseNotAllowed, $"Pool {pool.Name} does not allow the use {wanted}.", out result);
        }

        if (draft.Owner(holding.Owner) is not { } owner || draft.Block(pool.Grid.BlockOf(ip)) is not { } block)
        {
            return Planned.Waits;
        }

        draft.FenceNode(owner);
        if (!block.Now.IsOpen)
        {
            if (draft.Pool(pool) is not { } poolChange)
            {
                return Planned.Waits;
            }

            if (Claiming.Claim(draft, pool, poolChange, block, holding.Owner, kept: null, "asked") is not { } claimed)
            {
                return Planned.Waits;
            }

            block = claimed;
        }
        else if (draft.Catalog.Rules.StrictAffinity && block.Now.Owner != holding.Owner)
        {
            return block.Now.IsOrphan
                ? Say(RefusalCode.BlockNoAffinity, $"Block {block.Now.Range} has no owner, and strictAffinity forbids using it.", out result)
                : Say(RefusalCode.AffinityMismatch, $"Block {block.Now.Range} belongs to {block.Now.Owner!.Value.Name}, and strictAffinity forbids borrowing.", out result);
        }

        return Take(draft, mark, Taking.Thawed(draft, block), out result);
    }

    private Planned Take(Draft draft, DraftState mark, BlockChange block, out AssignEnd? result)
    {
        result = null;
        var ordinal = block.Now.OrdinalOf(ip);
        var slot = block.Now.Slots[ordinal];
        if (slot.State != SlotState.Free)
        {
            return slot.State == SlotState.Held && maxPerHandle > 0 && holding.Handle is not null && slot.Handle == holding.Handle
                ? AlreadyHeld(draft, slot, block, out result)
                : Say(RefusalCode.AlreadyAssigned, Occupied(slot), out result);
        }

        if (block.Touched.Contains(ordinal))
        {
            return Planned.NextTurn;
        }

        var from = block.Now.Owner == holding.Owner ? null : block.Now.Owner;
        var grounds = new Source(Taking.Asked, from, Blocks: null).On(draft, block);
        (block, var row) = Taking.Assign(draft, block, ordinal, holding, Taking.Asked, grounds);
        draft.PutTouched(block, 1);
        var granted = new GrantedRow(row, block.Now.Owner != holding.Owner, Taking.Asked, grounds);
        if (dryRun)
        {
            draft.Rewind(mark);
            result = AssignEnd.Of(new AssignResult([granted], [], null));
            return Planned.Drafted;
        }

        if (holding.Handle is { } handle)
        {
            draft.Guard(this, new IpamGuard.HandleOpen(handle, holding.Issued, maxPerHandle > 0 ? [new(ip.Family, maxPerHandle, 1)] : []));
        }

        draft.Guard(this, new IpamGuard.NewRequest(holding.RequestId, holding.RequestDigest, holding.Issued, holding.Handle, [granted.Grant]));
        result = AssignEnd.Of(new AssignResult([granted], [], null));
        return Planned.Drafted;
    }

    /// <summary>It becomes the grant of this request too, so that a repeat is answered with it or not at all (INV-13).</summary>
    private Planned AlreadyHeld(Draft draft, Slot slot, BlockChange block, out AssignEnd? result)
    {
        var row = new AddressRow(ip, block.Now.Range, slot.Generation, slot.Handle, slot.Holder, holding.Attributes, default, slot.At);
        var granted = new GrantedRow(row, slot.Holder != block.Now.Owner, Taking.Asked, Grounds: null);
        if (!dryRun)
        {
            draft.Guard(this, new IpamGuard.NewRequest(holding.RequestId, holding.RequestDigest, holding.Issued, holding.Handle, [granted.Grant]));
        }

        result = AssignEnd.Of(new AssignResult([granted], [], null));
        return Planned.Drafted;
    }

    private string Occupied(Slot slot) => slot.State switch
    {
        SlotState.HostReserved => $"{ip} is kept by the host of its block.",
        SlotState.Cooling => $"{ip} was released at {slot.At:u} and is cooling down.",
        _ => $"{ip} is held by {(slot.Handle is null ? slot.Holder.Name : slot.Handle)}.",
    };

    private static Planned Say(RefusalCode code, string message, out AssignEnd? result)
    {
        result = AssignEnd.Of(new AssignResult([], [], new(code, message, "ip")));
        return Planned.Drafted;
    }
}

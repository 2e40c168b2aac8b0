using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Explaining;
using ActorIpam.Engine.Turns;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;

namespace ActorIpam.Engine.Allocation;

/// <summary>Automatic assignment, both families in one unit: what the answer names was committed at once (design.md §3).</summary>
/// <param name="spec">What is still wanted.</param>
/// <param name="held">What the handle holds already and the same answer names (semantics.md §5.6): it becomes part of the request's grant.</param>
internal sealed class AssignCommand(AssignSpec spec, ImmutableArray<AddressRow> held) : Command<AssignEnd>
{
    private readonly Holding _holding = spec.Holding;

    protected override Planned Plan(Draft draft, out AssignEnd? result)
    {
        result = null;
        if (draft.IsGuarded(_holding.Handle, _holding.RequestId))
        {
            return Planned.NextTurn;
        }

        var mark = draft.Mark();
        draft.FencePolicy();
        var recovers = draft.Catalog.Recovery;
#if PLANTED_BUGS
        recovers = Planted.Is("assigns-while-recovering") ? null : recovers;
#endif
        if (recovers is { } recovery)
        {
            result = AssignEnd.Of(new AssignResult([], [], recovery.Refusal));
            return Planned.Drafted;
        }

        if (draft.Owner(_holding.Owner) is not { } owner)
        {
            return Planned.Waits;
        }

        if (AreStillHeld(draft) is not { } stillHeld)
        {
            return Planned.Waits;
        }

        if (!stillHeld)
        {
            result = AssignEnd.HeldNoLonger;
            return Planned.Drafted;
        }

        draft.FenceNode(owner);
        Node? node = null;
        if (Wanted().Any() && Preconditions(draft, out node) is { } refusal)
        {
            result = AssignEnd.Of(new AssignResult([], [], refusal));
            return Planned.Drafted;
        }

        var families = new List<FamilyResult>();
        var stories = new List<Func<FamilyExplanation>>();
        var told = node;
        foreach (var family in Wanted())
        {
            var assignment = new FamilyAssignment(draft, spec, family, owner, node);
            if (!assignment.Run())
            {
                return Planned.Waits;
            }

            families.Add(assignment.Result);
            stories.Add(() => FamilyStory.Of(draft, spec, family, owner, told, assignment.Result));
            if (assignment.Result.Error is not null)
            {
                break;
            }
        }

        return Conclude(draft, mark, families, stories, out result);
    }

    public override bool Refuse(IpamGuardRefusal refusal) => AnswerNow(AssignEnd.Of(refusal));

    /// <summary>These end a request early beside what it got so far (api.md §3); all others stand alone.</summary>
    public static bool IsPartial(Refusal error) => error.Code is RefusalCode.BlockLimit or RefusalCode.AutoAllocateOff;

    private IEnumerable<IpFamily> Wanted()
    {
        if (spec.Ipv4.Count > 0)
        {
            yield return IpFamily.V4;
        }

        if (spec.Ipv6.Count > 0)
        {
            yield return IpFamily.V6;
        }
    }

    /// <summary>
    /// Looks at the blocks of what is held already, which fences them: the grant that is stored with this unit names what is held at its commit (INV-13),
    /// by the same holder: after the store went back somebody else may hold it under the same generation.
    /// </summary>
    /// <returns>Null when a block is not held by the turn yet.</returns>
    private bool? AreStillHeld(Draft draft)
    {
        var (all, known) = (true, true);
        foreach (var row in held)
        {
            if (draft.Block(row.Block) is not { } block)
            {
                known = false;
                continue;
            }

            var slot = block.Now.IsOpen ? block.Now.Slots[block.Now.OrdinalOf(row.Ip)] : Slot.Free;
            all &= slot == new Slot(SlotState.Held, row.Generation, row.Handle, row.Holder, row.Issued);
        }

        return known ? all : null;
    }

    private Refusal? Preconditions(Draft draft, out Node? node)
    {
        node = null;
        var catalog = draft.Catalog;
        if (spec.IsWindows && !catalog.Rules.StrictAffinity)
        {
            return new(RefusalCode.StrictAffinityRequired, "A Windows host needs strictAffinity: it can neither borrow nor lend.", "os");
        }

        if ((PoolChoice.WrongFamily(catalog, IpFamily.V4, spec.Ipv4.Pools) ?? PoolChoice.WrongFamily(catalog, IpFamily.V6, spec.Ipv6.Pools)) is { } wrong)
        {
            return wrong;
        }

        if (_holding.Owner.Kind == OwnerKind.Virtual)
        {
            return null;
        }

        node = catalog.Node(_holding.Owner.Name);
        return node is null ? new(RefusalCode.NodeMissing, $"There is no node {_holding.Owner.Name}.", "host") : null;
    }

    private Planned Conclude(Draft draft, DraftState mark, List<FamilyResult> families, List<Func<FamilyExplanation>> stories, out AssignEnd? result)
    {
        result = null;
        if (families.Exists(static family => family.LeftForNextTurn && family.Missing > 0))
        {
            return Planned.NextTurn;
        }

        var isShort = families.Exists(static family => family.Missing > 0);
#if PLANTED_BUGS
        if (!Planted.Is("short-because-of-a-doubt"))
#endif
        if (isShort && draft.SkippedDoubtful)
        {
            Fail(new UnavailableException("Blocks with room wait for a commit whose outcome is unknown."));
            return Planned.Failed;
        }

        var error = families.Select(static family => family.Error).FirstOrDefault(static found => found is not null);
        var messages = families.SelectMany(static family => family.Messages).ToImmutableArray();
        var rows = families.SelectMany(static family => family.Rows).ToImmutableArray();

        // Told before anything is taken back: the counts are those the plan ended with.
        var explanation = isShort || error is not null || spec.Explain || spec.DryRun
            ? new AssignExplanation { Catalog = draft.Policy.Version, Families = [.. stories.Select(static story => story())] }
            : null;
        if (isShort && spec.AllOrNothing)
        {
            draft.Rewind(mark);
            rows = [];
            error ??= new(RefusalCode.Exhausted, $"Fewer addresses are left than the request wants, all or nothing. {string.Join(' ', messages.Select(static m => m.Message))}");
        }

        if (spec.DryRun)
        {
            // What was looked at and tentatively changed stays fenced: the answer was true when it was given.
            draft.Rewind(mark);
        }
        else if (!(isShort && spec.AllOrNothing) && (error is null || !rows.IsEmpty || IsPartial(error)))
        {
            // Of what is refused as a whole nothing is stored, also not what the handle holds already.
            Guard(draft, rows);
        }

        result = AssignEnd.Of(new AssignResult(rows, messages, error is null ? null : error with { Details = explanation!.Lines() }) { Explanation = explanation });
        return Planned.Drafted;
    }

    private void Guard(Draft draft, ImmutableArray<GrantedRow> rows)
    {
#if PLANTED_BUGS
        if (Planted.Is("capped-answer-not-stored") && rows.IsEmpty)
        {
            return;
        }

#endif
        if (rows.IsEmpty && held.IsEmpty)
        {
            return;
        }

        if (!rows.IsEmpty && _holding.Handle is { } handle)
        {
            draft.Guard(this, new IpamGuard.HandleOpen(handle, _holding.Issued, Caps(rows)));
        }

#if PLANTED_BUGS
        if (Planted.Is("no-request-guard"))
        {
            return;
        }

#endif
        draft.Guard(this, new IpamGuard.NewRequest(
            _holding.RequestId, _holding.RequestDigest, _holding.Issued, _holding.Handle, [.. held.Select(static row => new Grant(row.Ip, row.Generation)), .. rows.Select(static row => row.Grant)]));
    }

    private ImmutableArray<HandleCap> Caps(ImmutableArray<GrantedRow> rows) => spec.MaxPerHandle == 0
#if PLANTED_BUGS
        || Planted.Is("caps-not-guarded")
#endif
        ? []
        : [.. rows.GroupBy(static row => row.Row.Ip.Family).Select(group => new HandleCap(group.Key, spec.MaxPerHandle, group.Count()))];
}

/// <summary>How an assignment ended: with a result, or with a guard that said no.</summary>
internal sealed record AssignEnd(AssignResult? Result, IpamGuardRefusal? Guard)
{
    /// <summary>What the answer was to name was released meanwhile: what the handle holds must be read again.</summary>
    public static AssignEnd HeldNoLonger { get; } = new(null, null);

    public static AssignEnd Of(AssignResult result) => new(result, null);

    public static AssignEnd Of(IpamGuardRefusal guard) => new(null, guard);
}

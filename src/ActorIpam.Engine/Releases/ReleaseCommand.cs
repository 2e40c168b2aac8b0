using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Allocation;
using ActorIpam.Engine.Turns;

namespace ActorIpam.Engine.Releases;

/// <summary>One address to release, as the door saw it.</summary>
/// <param name="Ip">The address.</param>
/// <param name="Block">The block that holds it.</param>
/// <param name="Handle">The handle the caller demands, or null.</param>
/// <param name="Generation">The generation the caller demands, or null.</param>
/// <param name="Seen">The generation it was held under when the request came in; null when it was not held.</param>
/// <param name="Through">It is spared when it was issued later than this; null when that does not matter.</param>
internal sealed record ReleaseTarget(IpAddress Ip, Cidr Block, string? Handle, long? Generation, long? Seen, DateTimeOffset? Through = null);

/// <summary>What became of a release.</summary>
internal sealed record ReleaseResult(ImmutableArray<Grant> Released, ImmutableArray<IpAddress> Unallocated, ImmutableArray<(IpAddress Ip, Refusal Why)> Errors);

/// <summary>How a release ended: with a result, or because the same request was known.</summary>
internal sealed record ReleaseEnd(ReleaseResult? Result, RequestRow? Known);

/// <summary>Releases addresses: all or nothing within a block, blocks independent of each other (semantics.md §7).</summary>
/// <param name="targets">What to release.</param>
/// <param name="request">Stored with the released list, so that a repeat is answered the same; null when the caller gave no request id.</param>
/// <param name="close">Closes the handle with this unit, for a final release; null otherwise.</param>
/// <param name="why">The reason, for the history.</param>
internal sealed class ReleaseCommand(
    ImmutableArray<ReleaseTarget> targets, (string Id, string Digest)? request, IpamGuard.HandleClose? close, string why) : Command<ReleaseEnd>
{
    /// <summary>So many are asked for as they come: most often they are known already.</summary>
    private const int FewBlocks = 8;

    public ImmutableArray<ReleaseTarget> Targets => targets;

    public override bool Refuse(IpamGuardRefusal refusal) => refusal is IpamGuardRefusal.RequestKnown known
        ? AnswerNow(new(null, known.Row))
        : throw new InvalidOperationException($"A release was refused by {refusal}.");

    protected override Planned Plan(Draft draft, out ReleaseEnd? result)
    {
        result = null;
        if (draft.IsGuarded(close?.Handle, request?.Id))
        {
            return Planned.NextTurn;
        }

        draft.FencePolicy();
        var groups = targets.GroupBy(static target => target.Block).OrderBy(static group => group.Key).ToList();
        if (groups.Count > FewBlocks && !draft.HoldsAll(groups.Select(static group => group.Key)))
        {
            return Planned.Waits;
        }

        var gathered = new Gathered();
        foreach (var group in groups)
        {
            var planned = PlanBlock(draft, group.Key, group.DistinctBy(static target => target.Ip).OrderBy(static target => target.Ip), gathered);
            if (planned != Planned.Drafted)
            {
                return planned;
            }
        }

        var released = gathered.Released.ToImmutableArray();
#if PLANTED_BUGS
        if (!EventSourcing.Planted.Is("final-release-closes-nothing"))
#endif
        if (close is not null)
        {
            draft.Guard(this, close);
        }

#if PLANTED_BUGS
        if (!EventSourcing.Planted.Is("release-without-its-request"))
#endif
        if (request is { } named)
        {
            // Also a release of nothing is stored: a late repeat must not free what somebody else got meanwhile.
            draft.Guard(this, new IpamGuard.NewRequest(named.Id, named.Digest, Issued: null, Handle: null, released));
        }

        result = new(new([.. released], [.. gathered.Unallocated], [.. gathered.Errors]), null);
        return Planned.Drafted;
    }

    private Planned PlanBlock(Draft draft, Cidr range, IEnumerable<ReleaseTarget> group, Gathered gathered)
    {
        if (draft.Block(range) is not { } block)
        {
            return Planned.Waits;
        }

        var before = block.Now;
        var released = new List<Grant>();
        foreach (var target in group)
        {
            var ordinal = block.Now.OrdinalOf(target.Ip);
            switch (block.Now.JudgeRelease(ordinal, target.Handle, target.Generation, target.Seen, target.Through))
            {
                case ReleaseVerdict.NotHeld:
                    gathered.Unallocated.Add(target.Ip);
                    break;
                case ReleaseVerdict.Release when block.Touched.Contains(ordinal):
                    return Planned.NextTurn;
                case ReleaseVerdict.Release:
                    var generation = block.Now.Slots[ordinal].Generation;
                    block = block.Release(new(ordinal, generation, draft.NowFor(block.Now), why));
                    released.Add(new(target.Ip, generation));
                    break;
                case var verdict:
                    // A conflict leaves the whole block as it was: nothing was put into the draft yet.
                    gathered.Errors.Add((target.Ip, Conflict(verdict, target, before)));
                    return Planned.Drafted;
            }
        }

        if (released.Count == 0)
        {
            return Planned.Drafted;
        }

        draft.PutTouched(Taking.Thawed(draft, block), released.Count);
        gathered.Released.AddRange(released);
        return Aftermath.Plan(draft, range) ? Planned.Drafted : Planned.Waits;
    }

    private static Refusal Conflict(ReleaseVerdict verdict, ReleaseTarget target, Block block)
    {
        var slot = block.IsOpen ? block.Slots[block.OrdinalOf(target.Ip)] : Slot.Free;
        return verdict == ReleaseVerdict.OtherHandle
            ? new(RefusalCode.HandleConflict, $"{target.Ip} is held by another handle than {target.Handle}.")
            : new(RefusalCode.SeqConflict, $"{target.Ip} has generation {slot.Generation}, not {target.Generation}.");
    }

    private sealed class Gathered
    {
        public List<Grant> Released { get; } = [];

        public List<IpAddress> Unallocated { get; } = [];

        public List<(IpAddress Ip, Refusal Why)> Errors { get; } = [];
    }
}

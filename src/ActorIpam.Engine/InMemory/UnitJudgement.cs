using System.Collections.Immutable;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.InMemory;

/// <summary>What becomes of one unit: the executable specification of every journal (protocol.md §3).</summary>
internal static class UnitJudgement
{
    /// <summary>Judges one unit against a state. The state differs afterwards only if the unit won.</summary>
    /// <remarks>The order counts: the unit's own shape, heads, guards, view changes. The first that says no decides the outcome.</remarks>
    public static (JournalState State, Outcome Outcome) Judge(this JournalState state, Unit unit)
    {
        if (UnitShape.FlawOf(unit) is { } flaw)
        {
            return (state, new Outcome.Failed(JournalFault.BrokenInvariant, flaw));
        }

        var moved = MovedHeads(state, unit);
        if (!moved.IsEmpty)
        {
            return (state, IsWritten(state, unit) ? Outcome.AlreadyMine.Instance : new Outcome.Lost(moved));
        }

        var refused = GuardJudgement.Refusals(state, unit);
        if (!refused.IsEmpty)
        {
            return (state, new Outcome.Refused(refused));
        }

        return ViewChanges.MisfitOf(state, unit) is { } misfit
            ? (state, new Outcome.Failed(JournalFault.BrokenInvariant, misfit))
            : (state.Record(unit).Granting(unit).Showing(unit), Outcome.Won.Instance);
    }

    /// <summary>The streams whose head is not the expected one: each once, in the order of their names.</summary>
    private static ImmutableArray<StreamId> MovedHeads(JournalState state, Unit unit) =>
    [
        .. unit.Appends.Select(append => new Fence(append.Stream, append.Expected))
            .Concat(unit.Fences)
#if PLANTED_BUGS
            .Where(fence => state.HeadOf(fence.Stream) != fence.Expected && !(Planted.Is("heads-compared-by-version-only") && state.HeadOf(fence.Stream).Version == fence.Expected.Version))
#else
            .Where(fence => state.HeadOf(fence.Stream) != fence.Expected)
#endif
            .Select(fence => fence.Stream)
            .Distinct()
            .Order(),
    ];

    /// <remarks>
    /// Judged from the journal row, never from the head: others may have moved the head since, and one row of the unit proves all of it.
    /// </remarks>
    private static bool IsWritten(JournalState state, Unit unit) =>
#if PLANTED_BUGS
        Planted.Is("already-mine-judged-from-the-head") ? unit.Appends is [var only, ..] && state.HeadOf(only.Stream).Commit == unit.Commit :
#endif
        unit.Appends is [var first, ..] && state.RowOf(first.Stream, first.Expected.Version + 1)?.Commit == unit.Commit;

    private static JournalState Record(this JournalState state, Unit unit)
    {
        var heads = state.Heads.ToBuilder();
        var rows = state.Rows.ToBuilder();
        foreach (var append in unit.Appends)
        {
            var head = append.Expected.Next(unit.Commit);
            heads[append.Stream] = head;
            rows[append.Stream] = rows.GetValueOrDefault(append.Stream, ImmutableSortedDictionary<long, JournalRow>.Empty)
                .Add(head.Version, new(head.Version, unit.Commit, unit.At, unit.Member, append.Schema, append.Events));
        }

        foreach (var stream in unit.Raises.Distinct())
        {
            heads[stream] = state.HeadOf(stream).Next(unit.Commit);
        }

        return state with { Heads = heads.ToImmutable(), Rows = rows.ToImmutable() };
    }
}

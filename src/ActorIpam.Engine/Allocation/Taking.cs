using System.Collections.Immutable;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Turns;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.Allocation;

/// <summary>Takes addresses out of one block on the draft.</summary>
internal static class Taking
{
    /// <summary>The shortest word for where an address comes from, kept in its event.</summary>
    public const string Own = "own", Claimed = "claimed", Reclaimed = "reclaimed", Borrowed = "borrowed", Asked = "asked";

    /// <summary>A block whose cooldowns that are over have ended: what is assigned or refused next is decided by what is really free.</summary>
    public static BlockChange Thawed(Draft draft, BlockChange change)
    {
        var over = change.Now.IsOpen ? change.Now.EndCooldowns(draft.NowFor(change.Now), draft.Catalog.Rules.Cooldown) : null;
        return over is null ? change : change.With(over);
    }

    /// <summary>Takes up to <paramref name="count"/> addresses from the head of the queue; reserved ones keep their place.</summary>
    /// <returns>What was taken, and whether more would be there in the next turn.</returns>
    public static Taken From(Draft draft, BlockChange change, int count, Holding holding, Source source)
    {
        change = Thawed(draft, change);
        var grounds = source.On(draft, change);
        var reserved = draft.Catalog.Reservations;
        Func<int, bool> passOver = ordinal => change.Touched.Contains(ordinal) || (!reserved.IsEmpty && reserved.Holds(change.Now.AddressAt(ordinal)));
#if PLANTED_BUGS
        if (Planted.Is("an-ordinal-twice-in-a-unit"))
        {
            passOver = ordinal => !reserved.IsEmpty && reserved.Holds(change.Now.AddressAt(ordinal));
        }

#endif
#if PLANTED_BUGS
        if (Planted.Is("reservations-ignored"))
        {
            passOver = change.Touched.Contains;
        }

#endif
        var ordinals = change.Now.NextFree(count, passOver);
        var rows = ImmutableArray.CreateBuilder<AddressRow>(ordinals.Length);
        foreach (var ordinal in ordinals)
        {
            (change, var row) = Assign(draft, change, ordinal, holding, source.Why, grounds);
            rows.Add(row);
        }

        draft.PutTouched(change, ordinals.Length);
        var leftForNextTurn = ordinals.Length < count && (change.IsClosedHere || change.Now.Free.InOrder().Any(change.Touched.Contains));
        return new(rows.MoveToImmutable(), leftForNextTurn, source.Why, grounds);
    }

    /// <summary>Assigns one ordinal, which must be free.</summary>
    public static (BlockChange Change, AddressRow Row) Assign(Draft draft, BlockChange change, int ordinal, Holding holding, string why, Grounds grounds)
    {
        var generation = Generations.Of(draft.Catalog.Era, change.NextVersion);
        var fact = new BlockEvent.AddressAssigned(
            ordinal, generation, holding.Handle, holding.Owner, holding.AttributesDigest, holding.Issued, why, grounds);
        var row = new AddressRow(
            change.Now.AddressAt(ordinal), change.Now.Range, generation, holding.Handle, holding.Owner, holding.Attributes, draft.NowFor(change.Now), holding.Issued);
        return (change.Assign(fact, row), row);
    }
}

/// <param name="Rows">The addresses taken, in queue order.</param>
/// <param name="LeftForNextTurn">True when free addresses were passed over only because this unit changed them already, or closed their block.</param>
/// <param name="Why">The word for where they come from.</param>
/// <param name="Grounds">What their assignment rests on.</param>
internal readonly record struct Taken(ImmutableArray<AddressRow> Rows, bool LeftForNextTurn, string Why, Grounds Grounds);

/// <summary>Where addresses come from, and what was known when their block was chosen.</summary>
/// <param name="Why">One of the words of <see cref="Taking"/>.</param>
/// <param name="From">Whose the block is or was, when it is not the holder's own.</param>
/// <param name="Blocks">How many blocks the holder owned in the pools of the request; null when nobody counted.</param>
internal readonly record struct Source(string Why, Owner? From, int? Blocks)
{
    /// <summary>The grounds of taking addresses out of this block now.</summary>
    public Grounds On(Draft draft, BlockChange change) => new(draft.Policy.Version, From, Blocks, change.Now.Free.Count);
}

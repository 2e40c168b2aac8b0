using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.Turns;

/// <summary>A unit with what to do about it afterwards.</summary>
/// <param name="Unit">What is sent.</param>
/// <param name="Changes">What to remember when it is written.</param>
/// <param name="GuardedCommands">The command behind each guard, in the order of the unit's guards.</param>
/// <param name="Raised">Owners whose sets of blocks it changes.</param>
internal sealed record DraftedUnit(Unit Unit, ImmutableArray<Change> Changes, ImmutableArray<Command> GuardedCommands, ImmutableArray<Owner> Raised);

/// <summary>Everything a draft has gathered, so that a plan that fails can be taken back.</summary>
internal sealed record DraftState
{
    public static DraftState Empty { get; } = new();

    public ImmutableDictionary<StreamId, Change> Changes { get; init; } = ImmutableDictionary<StreamId, Change>.Empty;

    public ImmutableDictionary<StreamId, Head> Fences { get; init; } = ImmutableDictionary<StreamId, Head>.Empty;

    public ImmutableHashSet<Owner> Raised { get; init; } = [];

    public ImmutableList<(Owner Owner, Cidr Block)> Claimed { get; init; } = [];

    public ImmutableList<(Command Command, Guard Guard)> Guards { get; init; } = [];

    public int Touched { get; init; }

    /// <inheritdoc cref="Draft.BlocksOf"/>
    /// <remarks>Those seen are in order already: writing down all their names again and again is what a host with many blocks would pay for.</remarks>
    public IEnumerable<Cidr> BlocksOf(OwnerSight sight)
    {
        var kept = sight.Blocks.Select(static row => row.Block)
            .Where(block => Changes.IsEmpty || Changes.GetValueOrDefault(Streams.Block(block)) is not BlockChange change || change.Now.Owner == sight.Owner);
        var claimed = Claimed.Where(claim => claim.Owner == sight.Owner && sight.Blocks.All(row => row.Block != claim.Block)).Select(static claim => claim.Block);
        return Claimed.IsEmpty ? kept : kept.Concat(claimed).OrderBy(static block => block.ToString(), StringComparer.Ordinal);
    }
}

/// <summary>What <see cref="IViews.RoomAsync"/> saw in this turn, by range, and the heads of the same instant.</summary>
internal sealed record RoomSnapshot(
    IReadOnlyDictionary<Cidr, RoomSeen> Walks, IReadOnlyDictionary<StreamId, Head> Heads);

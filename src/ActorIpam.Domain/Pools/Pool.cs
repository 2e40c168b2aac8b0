using System.Collections.Immutable;
using System.Diagnostics;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.EventSourcing;

namespace ActorIpam.Domain.Pools;

/// <summary>The blocks of a pool that somebody owns: runs of numbers and owners, whatever the pool's size.</summary>
/// <remarks>
/// INV-5: a block has at most one owner. Orphans are not known here; a search excludes those that the block view shows.
/// The grid is the catalog's and never changes, so it is given by <see cref="On"/> and not by an event.
/// </remarks>
public sealed record Pool : IAggregate<Pool, PoolEvent>
{
    private Pool() { }

    public static Pool Empty { get; } = new();

    public BlockGrid Grid { get; private init; }

    public ClaimedRuns Claimed { get; private init; } = ClaimedRuns.None;

    public ImmutableDictionary<Cidr, Owner> Owners { get; private init; } = ImmutableDictionary<Cidr, Owner>.Empty;

    /// <summary>The pool of this grid before its first event.</summary>
    public static Pool On(BlockGrid grid) => Empty with { Grid = grid };

    public Pool Apply(PoolEvent fact) => fact switch
    {
        PoolEvent.BlockClaimed claimed => Claim(claimed),
        PoolEvent.BlockGivenBack back => End(back.Block),
        PoolEvent.BlockOrphaned orphaned => End(orphaned.Block),
        _ => throw new UnreachableException($"{fact.GetType().Name} is no pool event."),
    };

    private Pool Claim(PoolEvent.BlockClaimed claimed)
    {
        Invariant.Holds(!Owners.ContainsKey(claimed.Block), "INV-5", $"{claimed.Block} is claimed for {claimed.Owner} while it has an owner.");
        return this with { Owners = Owners.Add(claimed.Block, claimed.Owner), Claimed = Claimed.With(Grid.IndexOf(claimed.Block)) };
    }

    private Pool End(Cidr block)
    {
        Invariant.Holds(Owners.ContainsKey(block), "INV-5", $"The claim of {block} ends, but nobody claimed it.");
        return this with { Owners = Owners.Remove(block), Claimed = Claimed.Without(Grid.IndexOf(block)) };
    }
}

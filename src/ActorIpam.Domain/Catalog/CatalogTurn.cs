using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Domain.Catalog;

/// <summary>What a decision of the catalog needs from outside.</summary>
/// <param name="Now">The time of the turn.</param>
/// <param name="NewUid">The identity a created resource gets.</param>
/// <param name="NextVersion">The version of the catalog's stream that the decision would write: the resource version.</param>
/// <param name="LeftoverBlocks">The blocks that exist and overlap the given pool; others do no harm.</param>
public sealed record CatalogTurn(DateTimeOffset Now, string NewUid, long NextVersion, ImmutableArray<Cidr> LeftoverBlocks)
{
    /// <summary>
    /// The name of a pool that is being split: a new pool may lie inside its range as long as that one is disabled (semantics.md §4.5).
    /// Null everywhere else.
    /// </summary>
    public string? SplitOf { get; init; }
}

/// <summary>What the catalog decided.</summary>
public abstract record CatalogDecision
{
    private CatalogDecision() { }

    /// <summary>Something is to be recorded.</summary>
    public sealed record Changes(CatalogEvent Event) : CatalogDecision;

    /// <summary>All is as asked for already; the stored resource keeps its version.</summary>
    public sealed record Unchanged(Resource Resource) : CatalogDecision;
}

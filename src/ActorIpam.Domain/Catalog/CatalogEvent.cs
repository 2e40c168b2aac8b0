using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Domain.Catalog;

/// <summary>What happened to a resource, or to the journal as a whole. The journal keeps these for ever.</summary>
public abstract record CatalogEvent
{
    private CatalogEvent() { }

    /// <param name="Resource">Complete, as stored: identity and defaults filled.</param>
    public sealed record Created(Resource Resource) : CatalogEvent;

    /// <param name="Resource">Complete, as stored from now on.</param>
    public sealed record Updated(Resource Resource) : CatalogEvent;

    public sealed record Deleted(ResourceKind Kind, string Name, string Uid) : CatalogEvent;

    /// <summary>The journal was brought back from a backup: what was given after it is not known here.</summary>
    /// <param name="TakenAt">The instant of the backup.</param>
    /// <param name="At">When it was brought back.</param>
    public sealed record RecoveryBegun(DateTimeOffset TakenAt, DateTimeOffset At) : CatalogEvent;

    /// <summary>A holder has told all it holds, and the journal says the same.</summary>
    public sealed record HolderReported(Owner Holder, DateTimeOffset At) : CatalogEvent;

    /// <summary>An operator has ended the recovery: what is free may be assigned again.</summary>
    /// <param name="At">When.</param>
    /// <param name="Lost">How many holders had not reported, and what they may hold is taken as lost.</param>
    public sealed record RecoveryEnded(DateTimeOffset At, int Lost) : CatalogEvent;
}

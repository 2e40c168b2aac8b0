using ActorIpam.Domain.Resources;

namespace ActorIpam.Domain.Catalog;

/// <summary>What happened to a resource. The journal keeps these for ever.</summary>
public abstract record CatalogEvent
{
    private CatalogEvent() { }

    /// <param name="Resource">Complete, as stored: identity and defaults filled.</param>
    public sealed record Created(Resource Resource) : CatalogEvent;

    /// <param name="Resource">Complete, as stored from now on.</param>
    public sealed record Updated(Resource Resource) : CatalogEvent;

    public sealed record Deleted(ResourceKind Kind, string Name, string Uid) : CatalogEvent;
}

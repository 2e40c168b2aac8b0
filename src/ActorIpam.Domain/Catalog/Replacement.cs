using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Domain.Catalog;

/// <summary>Decides the replacement of a resource (semantics.md §2.2, update rules).</summary>
internal static class Replacement
{
    public static Answer<CatalogDecision> Decide(ResourceCatalog catalog, Resource given, CatalogTurn turn)
    {
        var name = given.Metadata.Name;
        if (catalog.Find(given.Kind, name) is not { } stored)
        {
            return new Refusal(RefusalCode.NotFound, $"There is no {ResourceKinds.Of(given.Kind).Name} '{name}'.");
        }

        if (Conflict(stored, given.Metadata) is { } conflict)
        {
            return conflict;
        }

        var filled = ResourceDefaults.Fill(given);
        var refusals = Immutables(stored, filled).AddRange(ResourceRules.Validate(filled));
        if (!refusals.IsEmpty)
        {
            return refusals;
        }

        var same = filled with { Metadata = Keep(stored.Metadata, filled.Metadata) };
        return ResourceJson.Write(same) == ResourceJson.Write(stored)
            ? new CatalogDecision.Unchanged(stored)
            : new CatalogDecision.Changes(new CatalogEvent.Updated(same with { Metadata = same.Metadata with { ResourceVersion = turn.NextVersion } }));
    }

    public static Refusal Stale(Resource stored, long expected) => new(
        RefusalCode.Conflict,
        string.Create(CultureInfo.InvariantCulture, $"{ResourceKinds.Of(stored.Kind).Name} '{stored.Metadata.Name}' has changed: it is at version {stored.Metadata.ResourceVersion}, not {expected}. Read it again and repeat the change."),
        "metadata.resourceVersion");

    private static Refusal? Conflict(Resource stored, Metadata given)
    {
        if (!string.IsNullOrEmpty(given.Uid) && given.Uid != stored.Metadata.Uid)
        {
            return new(RefusalCode.Conflict, $"{ResourceKinds.Of(stored.Kind).Name} '{given.Name}' was deleted and created again: its uid is {stored.Metadata.Uid}, not {given.Uid}.", "metadata.uid");
        }

        return given.ResourceVersion is { } expected && expected != stored.Metadata.ResourceVersion ? Stale(stored, expected) : null;
    }

    private static Metadata Keep(Metadata stored, Metadata given) => stored with { Labels = given.Labels, Annotations = given.Annotations };

    private static ImmutableArray<Refusal> Immutables(Resource stored, Resource filled)
    {
        if (stored is not IpPool { Spec: var old } || filled is not IpPool { Spec: var wanted })
        {
            return [];
        }

        var found = new Findings();

        // Networks are compared, not texts: another spelling is harmless. A text that is no CIDR is reported as such elsewhere.
        if (Cidr.TryParse(wanted.Cidr, out var range) && range != Cidr.Parse(old.Cidr!))
        {
            found.Add(RefusalCode.CidrImmutable, "spec.cidr", $"cannot change from {old.Cidr} to {wanted.Cidr}: create another pool and move to it");
        }
        else if (wanted.BlockSize != old.BlockSize)
        {
            found.Add(RefusalCode.BlocksizeImmutable, "spec.blockSize", $"cannot change from {old.BlockSize} to {wanted.BlockSize}; a manifest that leaves it out asks for the default");
        }

        var gained = wanted.AllowedUses!.Value.Except(old.AllowedUses!.Value).ToImmutableArray();
        if (old.AllowedUses.Value.Contains("LoadBalancer") && !gained.IsEmpty)
        {
            found.Add(RefusalCode.LbUseLocked, "spec.allowedUses", $"of a LoadBalancer pool cannot gain {string.Join(" and ", gained)}");
        }

        return found.ToImmutable();
    }
}

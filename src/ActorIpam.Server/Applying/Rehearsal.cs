using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Door;
using ActorIpam.Ingest;

namespace ActorIpam.Server.Applying;

/// <summary>Decides all definitions of a file one after the other on a copy of the catalog, so that what contradicts itself is found before anything is applied.</summary>
internal static class Rehearsal
{
    /// <returns>What is wrong, at its place in the file; empty when all of it would be taken.</returns>
    public static async Task<ImmutableArray<Problem>> PlayAsync(IpamDoor door, ImmutableArray<IngestedResource> definitions, DateTimeOffset now, CancellationToken cancellation)
    {
        var catalog = await CopyAsync(door, cancellation);
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var definition in definitions)
        {
            var resource = definition.Resource;
            var turn = new CatalogTurn(now, Guid.NewGuid().ToString(), NextVersion: 1, LeftoverBlocks: []);
            var exists = catalog.Find(resource.Kind, resource.Metadata.Name) is not null;
            var decision = exists
                ? catalog.DecideUpdate(resource, turn)
                : catalog.DecideCreate(resource with { Metadata = resource.Metadata with { ResourceVersion = null } }, turn);
            if (decision.IsRefused)
            {
                problems.AddRange(decision.Refusals.Select(refusal => definition.Locate(refusal)));
            }
            else if (decision.Value is CatalogDecision.Changes changes)
            {
                catalog = catalog.Apply(changes.Event);
            }
        }

        return problems.ToImmutable();
    }

    private static async Task<ResourceCatalog> CopyAsync(IpamDoor door, CancellationToken cancellation)
    {
        var catalog = ResourceCatalog.Empty;
        foreach (var names in ResourceKinds.All)
        {
            var list = await door.ListAsync(names.Kind, cancellation);
            catalog = list.Items.Aggregate(catalog, (known, resource) => known.Apply(new CatalogEvent.Created(resource)));
        }

        return catalog;
    }
}

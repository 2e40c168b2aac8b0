using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Resources;
using ActorIpam.Engine.Tunnels;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;

namespace ActorIpam.Engine.Door;

/// <summary>Where changes of resources come in, with what must happen to blocks before or after them.</summary>
internal sealed class ResourceDoor(Workplace workplace, CatalogActor catalog, AffinityDoor affinities)
{
    public Task<Answer<Resource>> CreateAsync(Resource resource, bool dryRun, CancellationToken cancellation) =>
        catalog.CreateAsync(resource, dryRun, cancellation);

    public Task<Answer<Resource>> UpdateAsync(Resource resource, bool dryRun, CancellationToken cancellation) =>
        catalog.UpdateAsync(resource, dryRun, cancellation, resource is Node node ? known => WithTunnelsAsync(node, known, cancellation) : null);

    public Task<Answer<Resource>> DeleteAsync(ResourceKind kind, string name, long? resourceVersion, bool dryRun, CancellationToken cancellation) => kind switch
    {
        ResourceKind.IPPool when !dryRun => DeletePoolAsync(name, resourceVersion, cancellation),
        ResourceKind.Node when !dryRun => DeleteNodeAsync(name, resourceVersion, cancellation),
        _ => catalog.DeleteAsync(kind, name, resourceVersion, dryRun, prepared: null, cancellation),
    };

    public async Task<Answer<Resource>> GetAsync(ResourceKind kind, string name, CancellationToken cancellation)
    {
        var (known, _) = await workplace.CatalogAsync(cancellation);
        return known.Find(kind, name) is { } found ? found : NotFound(kind, name);
    }

    public async Task<ResourceList> ListAsync(ResourceKind kind, CancellationToken cancellation)
    {
        var (known, version) = await workplace.CatalogAsync(cancellation);
        return new(version, known.List(kind));
    }

    /// <summary>
    /// A definition of a node does not know the tunnel addresses that members keep for it: those that are held and still serve stay,
    /// so that applying the same definition again changes nothing.
    /// </summary>
    internal async ValueTask<Resource> WithTunnelsAsync(Node given, ResourceCatalog known, CancellationToken cancellation)
    {
        if (known.Node(given.Metadata.Name) is not { } stored)
        {
            return given;
        }

        foreach (var kind in TunnelKind.All.Where(kind => kind.Recorded(given) is null))
        {
            if (IpAddress.TryParse(kind.Recorded(stored), out var ip) && kind.Eligible(known, stored).Any(pool => pool.Range.Contains(ip))
                && (await workplace.Ports.Views.AddressAsync(ip, cancellation))?.Handle == kind.Handle(given.Metadata.Name))
            {
                given = kind.With(given, ip);
            }
        }

        return given;
    }

    internal static Refusal NotFound(ResourceKind kind, string name) => new(RefusalCode.NotFound, $"There is no {kind} {name}.", "metadata.name");

    /// <summary>Disables the pool, ends every ownership in it, and removes it while nobody owns a block of it (semantics.md §4.3).</summary>
    private async Task<Answer<Resource>> DeletePoolAsync(string name, long? resourceVersion, CancellationToken cancellation)
    {
        string? uid = null;
        for (var attempt = 0; attempt < workplace.Options.LossesPerTurn + 1; attempt++)
        {
            var (known, _) = await workplace.CatalogAsync(cancellation);
            if (known.Find(ResourceKind.IPPool, name) is not IpPool stored)
            {
                try
                {
                    return await catalog.DeleteAsync(ResourceKind.IPPool, name, resourceVersion: null, dryRun: false, new([], now => now.PoolNamed(name) is null), cancellation);
                }
                catch (PreparationMovedException)
                {
                    // What was seen to be gone is there: begin again.
                    continue;
                }
            }

            if (resourceVersion is not null && uid is not null && uid != stored.Metadata.Uid)
            {
                return new Refusal(RefusalCode.Conflict, $"IPPool {name} was deleted and created again meanwhile.", "metadata.name");
            }

            uid = stored.Metadata.Uid;
            if (stored.Spec.Disabled != true)
            {
                var disabled = await catalog.UpdateAsync(
                    stored with { Metadata = stored.Metadata with { ResourceVersion = resourceVersion }, Spec = stored.Spec with { Disabled = true } }, dryRun: false, cancellation);
                if (disabled.IsRefused)
                {
                    return disabled;
                }

                await workplace.Ports.Faults.PassAsync(FaultPoint.PoolDisabled);
            }
            else if (resourceVersion is { } wanted && wanted != stored.Metadata.ResourceVersion && attempt == 0)
            {
                return new Refusal(RefusalCode.Conflict, $"IPPool {name} has version {stored.Metadata.ResourceVersion}, not {wanted}.", "metadata.resourceVersion");
            }

#if PLANTED_BUGS
            if (!Planted.Is("pool-deleted-with-owners"))
#endif
            await affinities.EndAllInAsync(Cidr.Parse(stored.Spec.Cidr!), cancellation);
            if (await PrepareAsync(name, stored.Metadata.Uid!, cancellation) is not { } prepared)
            {
                continue;
            }

            await workplace.Ports.Faults.PassAsync(FaultPoint.PoolPrepared);
            try
            {
                return await catalog.DeleteAsync(ResourceKind.IPPool, name, resourceVersion: null, dryRun: false, prepared, cancellation);
            }
            catch (PreparationMovedException)
            {
                // Somebody claimed a block or enabled the pool between: begin again.
            }
        }

        throw new UnavailableException($"IPPool {name} is disabled, but its blocks changed owners as fast as they lost them.");
    }

    /// <summary>Makes sure that nobody owns a block of the pool: under this policy and this head of the pool nobody can.</summary>
    public async Task<Preparation?> PrepareAsync(string name, string uid, CancellationToken cancellation)
    {
        var heads = await workplace.Ports.Journal.HeadsAsync([Streams.Policy], cancellation);
        var (known, _) = await workplace.CatalogAsync(cancellation);
        if (known.PoolNamed(name) is not { Disabled: true } pool || pool.Uid != uid)
        {
            return null;
        }

        var entry = workplace.Supplies.PoolEntry(pool);
        await entry.RefreshAsync(workplace.Ports.Journal, cancellation);
        var (state, head) = entry.Recall();
        return state.Owners.IsEmpty
#if PLANTED_BUGS
            || Planted.Is("pool-deleted-with-owners")
#endif
            ? new([new(Streams.Policy, heads[0]), new(entry.Id, head)], now => now.PoolNamed(name) is { Disabled: true } still && still.Uid == uid)
            : null;
    }

    /// <summary>Removes the node, then the ownership of its blocks; a repeat finishes what a first attempt left.</summary>
    private async Task<Answer<Resource>> DeleteNodeAsync(string name, long? resourceVersion, CancellationToken cancellation)
    {
        var deleted = await catalog.DeleteAsync(ResourceKind.Node, name, resourceVersion, dryRun: false, prepared: null, cancellation);
        if (!deleted.IsRefused || deleted.Refusals[0].Code == RefusalCode.NotFound)
        {
            await workplace.Ports.Faults.PassAsync(FaultPoint.NodeRemoved);
            await affinities.EndAllOfGoneAsync(name, cancellation);
        }

        return deleted;
    }
}

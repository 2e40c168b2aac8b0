using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Routing;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Impact;

namespace ActorIpam.Engine.Door;

/// <summary>Where it is asked what a change of resources would do. The catalog decides the changes one after the other on a copy of itself; nothing is written.</summary>
public sealed class ImpactDoor
{
    private readonly Workplace _workplace;
    private readonly ResourceDoor _resources;
    private readonly RouteDoor _routes;

    internal ImpactDoor(Workplace workplace, ResourceDoor resources, RouteDoor routes) => (_workplace, _resources, _routes) = (workplace, resources, routes);

    private IViews Views => _workplace.Ports.Views;

    /// <summary>What applying these and then deleting those would do, all together.</summary>
    public Task<ImpactReport> ImpactAsync(ImmutableArray<Resource> apply, ImmutableArray<ResourceName> delete, CancellationToken cancellation) =>
        IpamDoor.ServedAsync(RehearseAsync(apply, delete, cancellation));

    private async Task<ImpactReport> RehearseAsync(ImmutableArray<Resource> apply, ImmutableArray<ResourceName> delete, CancellationToken cancellation)
    {
        var (before, version) = await _workplace.CatalogAsync(cancellation);
        var catalog = before;
        var items = ImmutableArray.CreateBuilder<ImpactItem>();
        foreach (var given in apply)
        {
            version++;
            (catalog, var item) = await ApplyAsync(catalog, given, version, cancellation);
            items.Add(item);
        }

        foreach (var (kind, name) in delete)
        {
            (catalog, var item) = await DeleteAsync(catalog, kind, name, cancellation);
            items.Add(item);
        }

        return new() { Items = items.ToImmutable(), Routes = await RoutesAsync(before, catalog, cancellation) };
    }

    private async Task<(ResourceCatalog Catalog, ImpactItem Item)> ApplyAsync(ResourceCatalog catalog, Resource given, long version, CancellationToken cancellation)
    {
        var (kind, name) = (given.Kind, given.Metadata.Name);
        var stored = catalog.Find(kind, name);
        var leftovers = stored is null && given is IpPool pool && Cidr.TryParse(pool.Spec.Cidr, out var range)
            ? (await Views.BlocksInAsync(range, _workplace.Options.LeftoversLooked, after: null, cancellation)).Select(static row => row.Block).ToImmutableArray()
            : [];
        var turn = new CatalogTurn(_workplace.Ports.Time.Reading(), $"rehearsed-{version}", version, leftovers);
        var decision = stored is null
            ? catalog.DecideCreate(given with { Metadata = given.Metadata with { ResourceVersion = null } }, turn)
            : catalog.DecideUpdate(given is Node node ? await _resources.WithTunnelsAsync(node, catalog, cancellation) : given, turn);
        if (decision.IsRefused)
        {
            return (catalog, Refused(kind, name, decision.Refusals));
        }

        if (decision.Value is not CatalogDecision.Changes changes)
        {
            return (catalog, new(ResourceKinds.Of(kind).Name, name, "unchanged", []));
        }

        var after = catalog.Apply(changes.Event);
        var effects = await EffectsAsync(kind, stored, after.Find(kind, name), catalog, after, cancellation);
        return (after, new(ResourceKinds.Of(kind).Name, name, stored is null ? "created" : "configured", effects));
    }

    private async Task<(ResourceCatalog Catalog, ImpactItem Item)> DeleteAsync(ResourceCatalog catalog, ResourceKind kind, string name, CancellationToken cancellation)
    {
        var decision = catalog.DecideDelete(kind, name, resourceVersion: null);
        if (decision.IsRefused)
        {
            return (catalog, Refused(kind, name, decision.Refusals));
        }

        var after = catalog.Apply(((CatalogDecision.Changes)decision.Value).Event);
        return (after, new(ResourceKinds.Of(kind).Name, name, "deleted", await EffectsAsync(kind, catalog.Find(kind, name), null, catalog, after, cancellation)));
    }

    private static ImpactItem Refused(ResourceKind kind, string name, ImmutableArray<Refusal> refusals) => new(
        ResourceKinds.Of(kind).Name, name, "refused", [.. refusals.Select(static refusal => new ImpactEffect(refusal.Code.ToString(), refusal.Message))]);

    private Task<ImmutableArray<ImpactEffect>> EffectsAsync(
        ResourceKind kind, Resource? stored, Resource? wanted, ResourceCatalog before, ResourceCatalog after, CancellationToken cancellation) => kind switch
        {
            ResourceKind.IPPool => new PoolEffects(Views).OfAsync(Policy(before, stored), Policy(after, wanted), after, cancellation),
            ResourceKind.Node => new NodeEffects(Views).OfAsync((Node?)stored, (Node?)wanted, after, cancellation),
            ResourceKind.IPReservation => new PolicyEffects(Views).OfAsync((IpReservation?)stored, (IpReservation?)wanted, cancellation),
            _ => new PolicyEffects(Views).OfAsync(before.Rules, after.Rules, after.Pools, cancellation),
        };

    private static PoolPolicy? Policy(ResourceCatalog catalog, Resource? pool) => pool is null ? null : catalog.PoolNamed(pool.Metadata.Name);

    private async Task<ImmutableArray<string>> RoutesAsync(ResourceCatalog before, ResourceCatalog after, CancellationToken cancellation)
    {
        if (ReferenceEquals(before, after) || (before.Pools.SequenceEqual(after.Pools) && before.List(ResourceKind.Node).SequenceEqual(after.List(ResourceKind.Node))))
        {
            return [];
        }

        var blocks = await _routes.BlocksAsync(cancellation);
        var rows = blocks.Select(block => AsItWouldBe(block, before, after)).ToImmutableArray();
        return RouteEffects.Of(before, after, blocks, rows);
    }

    /// <summary>A block of a pool or a node that goes loses its owner; what is held in it keeps its routes by its holders.</summary>
    private static RoutedBlock AsItWouldBe(RoutedBlock block, ResourceCatalog before, ResourceCatalog after)
    {
        var poolGoes = before.PoolHolding(block.Range.First) is { } pool && after.PoolByUid(pool.Uid) is null;
        var nodeGoes = block.Owner is { Kind: OwnerKind.Host } owner && before.Node(owner.Name) is not null && after.Node(owner.Name) is null;
        return poolGoes || nodeGoes ? block with { Owner = null } : block;
    }
}

/// <summary>The kind and the name of a resource.</summary>
public readonly record struct ResourceName(ResourceKind Kind, string Name);

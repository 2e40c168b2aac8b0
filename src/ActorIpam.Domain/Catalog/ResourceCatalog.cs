using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Resources;
using ActorIpam.EventSourcing;

namespace ActorIpam.Domain.Catalog;

/// <summary>All resources, and what deciders need of them. The fold of the catalog's stream.</summary>
/// <remarks>
/// Immutable. Resources are keyed by kind and name. Pools overlap only while one is being split.
/// It asserts that a resource is created once, and updated or deleted only under its own identity.
/// </remarks>
public sealed class ResourceCatalog : IAggregate<ResourceCatalog, CatalogEvent>
{
    private const string Law = "catalog";

    private readonly ImmutableDictionary<ResourceKind, ImmutableSortedDictionary<string, Resource>> _byKind;
    private readonly PoolIndex _pools;

    private ResourceCatalog(
        ImmutableDictionary<ResourceKind, ImmutableSortedDictionary<string, Resource>> byKind, PoolIndex pools, ReservedRanges reservations, AllocationRules rules, (long Number, Recovery? Recovery) era)
    {
        (Era, Recovery) = era;
        _byKind = byKind;
        _pools = pools;
        Reservations = reservations;
        Rules = rules;
    }

    public static ResourceCatalog Empty { get; } = new(
        ResourceKinds.All.ToImmutableDictionary(names => names.Kind, _ => ImmutableSortedDictionary.Create<string, Resource>(StringComparer.Ordinal)),
        PoolIndex.Empty,
        ReservedRanges.None,
        AllocationRules.Default,
        (0, null));

    /// <summary>The recovery that is under way since the journal was brought back from a backup: nothing is assigned meanwhile. Null when there is none.</summary>
    public Recovery? Recovery { get; }

    /// <summary>How often, and when last, the journal was brought back: part of each generation (<see cref="Generations"/>). 0 when it never was.</summary>
    public long Era { get; }

    /// <summary>All pools, disabled ones too, by ordinal name.</summary>
    public ImmutableArray<PoolPolicy> Pools => _pools.Ordered;

    /// <summary>All reservations together.</summary>
    public ReservedRanges Reservations { get; }

    /// <summary>The stored configuration, or the defaults.</summary>
    public AllocationRules Rules { get; }

    public Resource? Find(ResourceKind kind, string name) => _byKind[kind].GetValueOrDefault(name);

    /// <summary>All of a kind, by ordinal name.</summary>
    public ImmutableArray<Resource> List(ResourceKind kind) => [.. _byKind[kind].Values];

    public PoolPolicy? PoolNamed(string name) => _pools.Named(name);

    public PoolPolicy? PoolByUid(string uid) => _pools.WithUid(uid);

    /// <summary>The pool that holds the address, disabled or not; the smallest one while a pool is being split.</summary>
    public PoolPolicy? PoolHolding(IpAddress address) => _pools.Holding(address);

    /// <summary>The enabled pool that holds the address. What a split that ended half way has left does not hide a pool around it that was enabled again.</summary>
    public PoolPolicy? PoolServing(IpAddress address) => _pools.Serving(address);

    public Node? Node(string name) => (Node?)Find(ResourceKind.Node, name);

    /// <summary>Decides a creation in the order of semantics.md §2.2, rule 7. Changes nothing.</summary>
    /// <returns>A change with the complete resource to store, or all reasons why not.</returns>
    public Answer<CatalogDecision> DecideCreate(Resource given, CatalogTurn turn) => Creation.Decide(this, given, turn);

    /// <summary>Decides a replacement; labels, annotations and spec are those given. Changes nothing.</summary>
    /// <returns>A change, or the stored resource when nothing would differ, or all reasons why not.</returns>
    public Answer<CatalogDecision> DecideUpdate(Resource given, CatalogTurn turn) => Replacement.Decide(this, given, turn);

    /// <summary>Decides a deletion. What hangs on the resource is the business of whoever asks. Changes nothing.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="name">The name.</param>
    /// <param name="resourceVersion">When given, the resource must not have changed since.</param>
    /// <returns>A change, or NotFound or Conflict.</returns>
    public Answer<CatalogDecision> DecideDelete(ResourceKind kind, string name, long? resourceVersion)
    {
        if (Find(kind, name) is not { } stored)
        {
            return new Refusal(RefusalCode.NotFound, $"There is no {ResourceKinds.Of(kind).Name} '{name}'.");
        }

        if (resourceVersion is { } expected && stored.Metadata.ResourceVersion != expected)
        {
            return Replacement.Stale(stored, expected);
        }

        return new CatalogDecision.Changes(new CatalogEvent.Deleted(kind, name, stored.Metadata.Uid!));
    }

    public ResourceCatalog Apply(CatalogEvent fact) => fact switch
    {
        CatalogEvent.Created created => WithCreated(created.Resource),
        CatalogEvent.Updated updated => WithUpdated(updated.Resource),
        CatalogEvent.Deleted deleted => WithDeleted(deleted),
        CatalogEvent.RecoveryBegun begun => With(Generations.EraAt(begun.At, Era), new Recovery(begun.TakenAt, begun.At, [])),
        CatalogEvent.HolderReported reported => With(Era, Recovering with { Reported = Recovering.Reported.Add(reported.Holder) }),
        CatalogEvent.RecoveryEnded => WithoutRecovery(),
        _ => throw new InvariantViolationException(Law, $"unknown event {fact.GetType().Name}"),
    };

    private Recovery Recovering => Recovery ?? throw new InvariantViolationException(Law, "a recovery goes on that was never begun");

    private ResourceCatalog WithoutRecovery()
    {
        Invariant.Holds(Recovery is not null, Law, "a recovery ends that was never begun");
        return With(Era, recovery: null);
    }

    private ResourceCatalog With(long era, Recovery? recovery) => new(_byKind, _pools, Reservations, Rules, (era, recovery));

    private ResourceCatalog WithCreated(Resource resource)
    {
        var name = resource.Metadata.Name;
        Invariant.Holds(Find(resource.Kind, name) is null, Law, $"{resource.Kind} '{name}' is created twice");
        Invariant.Holds(!string.IsNullOrEmpty(resource.Metadata.Uid), Law, $"{resource.Kind} '{name}' has no uid");
        return Store(resource);
    }

    private ResourceCatalog WithUpdated(Resource resource)
    {
        var name = resource.Metadata.Name;
        Invariant.Holds(Find(resource.Kind, name)?.Metadata.Uid == resource.Metadata.Uid, Law, $"{resource.Kind} '{name}' is updated under another identity");
        return Store(resource);
    }

    private ResourceCatalog WithDeleted(CatalogEvent.Deleted fact)
    {
        var stored = Find(fact.Kind, fact.Name);
        Invariant.Holds(stored?.Metadata.Uid == fact.Uid, Law, $"{fact.Kind} '{fact.Name}' is deleted under another identity");
        var byKind = _byKind.SetItem(fact.Kind, _byKind[fact.Kind].Remove(fact.Name));
        return Derive(byKind, fact.Kind, fact.Kind == ResourceKind.IPPool ? _pools.Without(fact.Name) : _pools);
    }

    private ResourceCatalog Store(Resource resource)
    {
        var byKind = _byKind.SetItem(resource.Kind, _byKind[resource.Kind].SetItem(resource.Metadata.Name, resource));
        return Derive(byKind, resource.Kind, resource is IpPool pool ? _pools.With(PoolPolicy.From(pool)) : _pools);
    }

    /// <summary>Computes again only what hangs on the kind that changed.</summary>
    private ResourceCatalog Derive(
        ImmutableDictionary<ResourceKind, ImmutableSortedDictionary<string, Resource>> byKind, ResourceKind changed, PoolIndex pools) => new(
        byKind,
        pools,
        changed == ResourceKind.IPReservation
            ? ReservedRanges.From(byKind[changed].Values.SelectMany(reservation => ((IpReservation)reservation).ReservedCidrs))
            : Reservations,
        changed != ResourceKind.IPAMConfiguration ? Rules
            : byKind[changed].TryGetValue("default", out var stored) ? AllocationRules.From(((IpamConfiguration)stored).Spec)
            : AllocationRules.Default,
        (Era, Recovery));
}

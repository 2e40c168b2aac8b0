using System.Collections.Immutable;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.Actors;

namespace ActorIpam.Engine.Turns;

/// <summary>The catalog as this member knows it, with the policy head it may be decided under.</summary>
/// <remarks>
/// Head and body are of one instant: a body that is older than its head would cost INV-10. One that is newer would lose its unit – unless the store goes back
/// to the head meanwhile and forgets what made the body newer.
/// </remarks>
/// <param name="Head">The head of <c>policy</c>.</param>
/// <param name="Catalog">The resources.</param>
/// <param name="Version">The version of the catalog's stream they are of.</param>
internal sealed record PolicySight(Head Head, ResourceCatalog Catalog, long Version);

/// <summary>What this member knows of one owner, with the heads it may be decided under.</summary>
/// <remarks>
/// The set and its head are of one snapshot, for the reason given above: with the head read first, a set from which a block had gone could be decided on under
/// the head of a store that went back and has the block again, and the owner would get one more than its limit (INV-12).
/// </remarks>
/// <param name="Owner">The owner.</param>
/// <param name="Node">The head of its node, of the instant of the catalog it was read with; unused for virtual owners.</param>
/// <param name="Host">The head that orders changes of its set of blocks, of the instant of <paramref name="Blocks"/>.</param>
/// <param name="Blocks">The blocks it owns, in the text order of their ranges (semantics.md §5.3).</param>
/// <param name="Described">Its node as that catalog had it; null when there was none, and for virtual owners.</param>
internal sealed record OwnerSight(Owner Owner, Head Node, Head Host, ImmutableArray<BlockRow> Blocks, Node? Described)
{
    /// <summary>
    /// A catalog in which the node is another one is of another instant than the node's head. While history only grows, that costs a lost unit; but a store that goes back
    /// has the old head again, and what the catalog says of the node never was true under it (INV-15).
    /// </summary>
    public bool Fits(ResourceCatalog catalog) => ReferenceEquals(Described, NodeOf(Owner, catalog));

    public static Node? NodeOf(Owner owner, ResourceCatalog catalog) => owner.Kind == OwnerKind.Host ? catalog.Node(owner.Name) : null;
}

/// <summary>Keeps what turns look at and do not write: the catalog and the owners. Everything here is fenced by whoever uses it.</summary>
internal sealed class Sights(IJournal journal, IViews views, Entry<ResourceCatalog, CatalogEvent> catalog, int most)
{
    /// <summary>How often the catalog may have moved on while it was read, before the reader gives up.</summary>
    private const int MostLooks = 50;

    private readonly Lock _gate = new();
    private readonly Dictionary<Owner, OwnerSight> _owners = [];
    private volatile PolicySight? _policy;

    /// <summary>The newest catalog known; null before anybody looked, or after it was found to be old.</summary>
    public PolicySight? Policy => _policy;

    public async Task<PolicySight> PolicyAsync(CancellationToken cancellation)
    {
        if (_policy is { } known)
        {
            return known;
        }

#if PLANTED_BUGS
        if (Planted.Is("policy-head-after-its-body"))
        {
            await catalog.RefreshAsync(journal, cancellation);
            var ((old, version), late) = (catalog.Recall(), await journal.HeadsAsync([Streams.Policy], cancellation));
            return _policy = new(late[0], old, version.Version);
        }

#endif
        return (await LookAtCatalogAsync([], cancellation)).Sight;
    }

    /// <summary>What is known of an owner; looks when nothing is.</summary>
    public async Task<OwnerSight> OwnerAsync(Owner owner, CancellationToken cancellation)
    {
        if (Find(owner) is { } known)
        {
            return known;
        }

        var (policy, heads) = await LookAtCatalogAsync([Streams.Node(owner.Name)], cancellation);
        var node = heads[2];
        var owned = await views.OwnedAsync(owner, Streams.Host(owner), cancellation);
#if PLANTED_BUGS
        if (Planted.Is("owner-heads-after-its-blocks"))
        {
            var late = await journal.HeadsAsync([Streams.Node(owner.Name), Streams.Host(owner)], cancellation);
            (node, owned) = (late[0], owned with { Head = late[1] });
        }

#endif
        var blocks = owned.Blocks.OrderBy(static row => row.Block.ToString(), StringComparer.Ordinal);
        var sight = new OwnerSight(owner, node, owned.Head, [.. blocks], OwnerSight.NodeOf(owner, policy.Catalog));
        lock (_gate)
        {
            if (_owners.Count >= most)
            {
                _owners.Clear();
            }

            _owners[owner] = sight;
        }

        return sight;
    }

    public OwnerSight? Find(Owner owner)
    {
        lock (_gate)
        {
            return _owners.GetValueOrDefault(owner);
        }
    }

    /// <summary>What is known of an owner and fits the catalog that is decided on; what does not is forgotten.</summary>
    public OwnerSight? Find(Owner owner, ResourceCatalog catalog)
    {
        var known = Find(owner);
        if (known is null || known.Fits(catalog))
        {
            return known;
        }

        Forget(owner);
        return null;
    }

    /// <summary>Something about the owner changed, or was found to have changed: look again before using it.</summary>
    public void Forget(Owner owner)
    {
        lock (_gate)
        {
            _owners.Remove(owner);
        }
    }

    /// <summary>The catalog changed, or was found to have changed.</summary>
    public void ForgetPolicy() => _policy = null;

    /// <summary>This member changed the catalog itself: whoever decides next looks first, instead of losing.</summary>
    public void ForgetAll()
    {
        lock (_gate)
        {
            _owners.Clear();
            _policy = null;
        }
    }

    /// <summary>Reads the catalog and the head of the policy as of one instant: the catalog's own head, read with it, says whether the body is of that instant.</summary>
    /// <returns>The sight, and the heads of policy, catalog and the others asked for, which were read before the body.</returns>
    private async Task<(PolicySight Sight, ImmutableArray<Head> Heads)> LookAtCatalogAsync(ImmutableArray<StreamId> others, CancellationToken cancellation)
    {
        for (var look = 0; look < MostLooks; look++)
        {
            var heads = await journal.HeadsAsync([Streams.Policy, Streams.Catalog, .. others], cancellation);
            await catalog.RefreshAsync(journal, cancellation);
            lock (_gate)
            {
                // The body is taken under the gate: whoever looked earlier and comes later must not put an older one in its place.
                var (state, head) = catalog.Recall();
                if (head == heads[1])
                {
                    _policy = new(heads[0], state, head.Version);
                    return (_policy, heads);
                }
            }
        }

        throw new JournalUnavailableException("The catalog changes faster than it can be read.");
    }
}

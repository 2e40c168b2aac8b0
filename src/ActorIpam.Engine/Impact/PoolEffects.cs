using System.Collections.Immutable;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Allocation;
using static ActorIpam.Engine.Impact.Wording;

namespace ActorIpam.Engine.Impact;

/// <summary>What a change of a pool does to the nodes it serves and to what is in use in it.</summary>
internal sealed class PoolEffects(IViews views)
{
    /// <param name="before">The pool as it is; null for one that is created.</param>
    /// <param name="after">The pool as it would be; null for one that is deleted.</param>
    /// <param name="catalog">The resources as they would be.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ImmutableArray<ImpactEffect>> OfAsync(PoolPolicy? before, PoolPolicy? after, ResourceCatalog catalog, CancellationToken cancellation)
    {
        var usage = await Usage.InAsync(views, (after ?? before)!.Range, cancellation);
        var effects = ImmutableArray.CreateBuilder<ImpactEffect>();
        if (after is null)
        {
            Delete(usage, effects);
        }
        else if (before is null)
        {
            Create(after, catalog, usage, effects);
        }
        else
        {
            Change(before, after, catalog, usage, effects);
        }

        return effects.ToImmutable();
    }

    private static void Delete(Usage usage, ImmutableArray<ImpactEffect>.Builder effects)
    {
        if (usage.Totals.Blocks == 0)
        {
            return;
        }

        effects.Add(Effect(
            "blocks_lose_owner",
            $"of its {(usage.More ? "first " : "")}{Many(usage.Owned, "owned block")}, {usage.Empty} empty ones go back and {usage.Owned - usage.Empty} lose their owner", usage.Owned));
        if (usage.Totals.Assigned > 0)
        {
            effects.Add(Effect("addresses_stay", $"{usage.InUse()} stay until they are released, in blocks without owner; no new ones are assigned", usage.Totals.Assigned));
        }
    }

    private static void Create(PoolPolicy pool, ResourceCatalog catalog, Usage usage, ImmutableArray<ImpactEffect>.Builder effects)
    {
        if (usage.Totals.Blocks > 0)
        {
            effects.Add(Effect("leftover_blocks", $"{Many(usage.Totals.Blocks, "block")} of an earlier pool lie in its range, with {usage.InUse()}: they stay as they are", usage.Totals.Blocks));
        }

        var nodes = Nodes(catalog);
        var served = nodes.Where(node => PoolChoice.Selects(pool, node)).ToList();
        if (pool.Disabled)
        {
            effects.Add(Effect("serves_nobody", "it is disabled: nothing is assigned from it"));
        }
        else if (pool.Automatic && nodes.Length > 0 && served.Count < nodes.Length)
        {
            effects.Add(Effect("serves_some", served.Count == 0 ? $"it selects none of the {Many(nodes.Length, "node")}" : $"it selects {served.Count} of {Many(nodes.Length, "node")} ({Names(NamesOf(served))})", served.Count));
        }
    }

    private static void Change(PoolPolicy before, PoolPolicy after, ResourceCatalog catalog, Usage usage, ImmutableArray<ImpactEffect>.Builder effects)
    {
        if (after.Disabled && !before.Disabled)
        {
            effects.Add(Effect("disabled", $"it is disabled: {usage.InUse()} stay, no new ones are assigned", usage.Totals.Assigned));
        }
        else if (!after.Disabled && before.Disabled)
        {
            effects.Add(Effect("enabled", "it is enabled: addresses are assigned from it again"));
        }

        var nodes = Nodes(catalog);
        var lost = NamesOf(nodes.Where(node => PoolChoice.Selects(before, node) && !PoolChoice.Selects(after, node)));
        if (lost.Count > 0)
        {
            var theirs = usage.Of(lost);
            effects.Add(Effect(
                "nodes_lost",
                $"it no longer selects {Many(lost.Count, "node")} ({Names(lost)}): their {Many(theirs.Blocks.Length, "block")} and {Many(theirs.Assigned, "address", "addresses")} stay theirs, but they get no new ones; "
                + "empty blocks go back with their next assignment", lost.Count));
        }

        var gained = NamesOf(nodes.Where(node => !PoolChoice.Selects(before, node) && PoolChoice.Selects(after, node)));
        if (gained.Count > 0)
        {
            effects.Add(Effect("nodes_gained", $"it selects {Many(gained.Count, "more node")} ({Names(gained)})", gained.Count));
        }

        var dropped = before.Uses.Except(after.Uses).ToList();
        if (dropped.Count > 0)
        {
            effects.Add(Effect("uses_dropped", $"it no longer serves {string.Join(", ", dropped)}: {usage.InUse()} stay, whatever they are for", usage.Totals.Assigned));
        }

        if (before.Automatic && !after.Automatic)
        {
            effects.Add(Effect("manual", $"it serves only requests that name it: {usage.InUse()} stay", usage.Totals.Assigned));
        }

        if (before.NatOutgoing != after.NatOutgoing && usage.Totals.Assigned > 0)
        {
            effects.Add(Effect("nat", $"what its addresses send out is {(after.NatOutgoing ? "masqueraded" : "no longer masqueraded")}: {usage.InUse()} are concerned", usage.Totals.Assigned));
        }
    }

    private static ImmutableArray<Node> Nodes(ResourceCatalog catalog) => [.. catalog.List(ResourceKind.Node).Cast<Node>()];

    private static List<string> NamesOf(IEnumerable<Node> nodes) => [.. nodes.Select(static node => node.Metadata.Name)];
}

using System.Collections.Immutable;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Allocation;
using static ActorIpam.Engine.Impact.Wording;

namespace ActorIpam.Engine.Impact;

/// <summary>What a change of a node does to its blocks and to the pools that serve it.</summary>
internal sealed class NodeEffects(IViews views)
{
    /// <param name="before">The node as it is; null for one that is created.</param>
    /// <param name="after">The node as it would be; null for one that is deleted.</param>
    /// <param name="catalog">The resources as they would be.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ImmutableArray<ImpactEffect>> OfAsync(Node? before, Node? after, ResourceCatalog catalog, CancellationToken cancellation)
    {
        var name = (after ?? before)!.Metadata.Name;
        var blocks = await views.BlocksOfAsync(Owner.Host(name), cancellation);
        if (after is null)
        {
            return await DeletedAsync(name, blocks, cancellation);
        }

        var pools = catalog.Pools.Where(static pool => pool is { Disabled: false, Automatic: true }).ToList();
        var effects = ImmutableArray.CreateBuilder<ImpactEffect>();
        if (before is null)
        {
            var selecting = pools.Where(pool => PoolChoice.Selects(pool, after)).Select(static pool => pool.Name).ToList();
            if (pools.Count > 0)
            {
                effects.Add(Effect("pools", selecting.Count == 0 ? "no enabled pool selects it: it gets no addresses" : $"{Many(selecting.Count, "pool")} will serve it ({Names(selecting)})", selecting.Count));
            }
        }
        else
        {
            foreach (var pool in pools.Where(pool => PoolChoice.Selects(pool, before) && !PoolChoice.Selects(pool, after)))
            {
                var theirs = blocks.Where(row => pool.Range.Contains(row.Block)).ToList();
                effects.Add(Effect(
                    "pool_lost",
                    $"pool {pool.Name} no longer selects it: its {Many(theirs.Count, "block")} there and {Many(theirs.Sum(static row => row.Assigned), "address", "addresses")} stay, it gets no new ones; "
                    + "empty blocks go back with its next assignment", theirs.Count));
            }

            foreach (var pool in pools.Where(pool => !PoolChoice.Selects(pool, before) && PoolChoice.Selects(pool, after)))
            {
                effects.Add(Effect("pool_gained", $"pool {pool.Name} selects it"));
            }
        }

        return effects.ToImmutable();
    }

    private async Task<ImmutableArray<ImpactEffect>> DeletedAsync(string name, ImmutableArray<BlockRow> blocks, CancellationToken cancellation)
    {
        var effects = ImmutableArray.CreateBuilder<ImpactEffect>();
        var empty = blocks.Count(static row => row is { Assigned: 0, Cooling: 0 });
        if (!blocks.IsEmpty)
        {
            effects.Add(Effect(
                "blocks_lose_owner",
                $"of its {Many(blocks.Length, "block")}, {empty} empty ones go back and {blocks.Length - empty} lose their owner with {Many(blocks.Sum(static row => row.Assigned), "address", "addresses")} in them, "
                + $"{blocks.Sum(static row => row.Borrowed)} of them held by other hosts", blocks.Length));
        }

        var held = await views.FindAddressesAsync(new() { Holder = Owner.Host(name), Limit = Usage.MostBlocks }, cancellation);
        if (!held.Items.IsEmpty)
        {
            effects.Add(Effect(
                "addresses_stay",
                $"{(held.More ? "at least " : "")}{Many(held.Items.Length, "address", "addresses")} it holds ({Names([.. held.Items.Select(static row => row.Ip.ToString())])}) stay assigned until they are released", held.Items.Length));
        }

        return effects.ToImmutable();
    }
}

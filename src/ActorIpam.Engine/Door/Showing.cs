using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.Door;

/// <summary>Turns rows into what answers show.</summary>
internal static class Showing
{
    /// <param name="catalog">Names the pool.</param>
    /// <param name="row">The held address.</param>
    /// <param name="borrowed">Whether it lies in the block of somebody else.</param>
    /// <param name="length">The prefix length to show it with.</param>
    public static AssignedAddress Show(this ResourceCatalog catalog, AddressRow row, bool borrowed, int length) => new()
    {
        Address = row.Ip.ToString(),
        Cidr = $"{row.Ip}/{length}",
        Block = row.Block.ToString(),
        Pool = catalog.PoolHolding(row.Ip)?.Name,
        Host = row.Holder.Name,
        Handle = row.Handle,
        Borrowed = borrowed,
        Generation = row.Generation,
        Attributes = row.Attributes,
        Since = row.Since,
    };

    /// <summary>Shows rows with the prefix length of their blocks; whether they are borrowed is read from the blocks.</summary>
    public static async Task<ImmutableArray<AssignedAddress>> ShowAllAsync(
        this IViews views, ResourceCatalog catalog, ImmutableArray<AddressRow> rows, CancellationToken cancellation)
    {
        var owners = new Dictionary<Cidr, Owner?>();
        foreach (var block in rows.Select(static row => row.Block).Distinct())
        {
            owners[block] = (await views.BlockAsync(block, cancellation))?.Owner;
        }

        return [.. rows.Select(row => catalog.Show(row, row.Holder != owners[row.Block], row.Block.Length))];
    }
}

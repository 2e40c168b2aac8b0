using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.Door;

/// <summary>Blocks and how full they and their pools are, of whichever instant the sight shows: the past is counted by the same words as the present.</summary>
internal sealed class BlockFigures(IBlockSight sight)
{
    private const int BlocksPerPage = 10_000;

    public async Task<Answer<ImmutableArray<BlockView>>> BlocksAsync(BlockQuery query, CancellationToken cancellation)
    {
        var (catalog, _) = await sight.CatalogAsync(cancellation);
        var checks = new Checks();
        var range = QueryDoor.RangeOf(catalog, query.Pool, "pool", checks);
        if (checks.AreBad)
        {
            return checks.Refusals;
        }

        var rows = query.Host is { } host
            ? (await sight.BlocksOfAsync(Owner.Host(host), cancellation)).Where(row => range is null || range.Value.Overlaps(row.Block))
            : await AllBlocksAsync(range, cancellation);
        return (ImmutableArray<BlockView>)[.. rows.Select(row => Show(catalog, row))];
    }

    public async Task<Answer<ImmutableArray<Utilization>>> UtilizationAsync(string? pool, bool withBlocks, CancellationToken cancellation)
    {
        var (catalog, _) = await sight.CatalogAsync(cancellation);
        var pools = pool is null
            ? catalog.Pools
            : [.. catalog.Pools.Where(known => known.Name == pool || known.Range.ToString() == pool)];
        if (pool is not null && pools.IsEmpty)
        {
            return new Refusal(RefusalCode.NotFound, $"There is no IPPool with the name or CIDR {pool}.", "pool");
        }

        var groups = ImmutableArray.CreateBuilder<Utilization>();
        foreach (var known in pools)
        {
            groups.Add(await UseOfAsync(catalog, known, withBlocks, cancellation));
        }

        if (pool is null)
        {
            var strays = (await AllBlocksAsync(null, cancellation)).Where(row => catalog.PoolHolding(row.Block.First) is null).ToImmutableArray();
            if (!strays.IsEmpty)
            {
                groups.Add(new("", null, 0, 0, 0, 0, 0, 0, await UsesAsync(catalog, strays, cancellation)));
            }
        }

        return groups.ToImmutable();
    }

    private async Task<Utilization> UseOfAsync(ResourceCatalog catalog, PoolPolicy pool, bool withBlocks, CancellationToken cancellation)
    {
        var rows = await AllBlocksAsync(pool.Range, cancellation);
        var blocks = await UsesAsync(catalog, rows, cancellation);
        var space = PoolSpace.Of(pool.Range, catalog.Reservations, rows.Select(static row => row.Block));
        var available = UInt128.Min(long.MaxValue, (UInt128)space.AvailableOutsideBlocks + (UInt128)blocks.Sum(static block => block.Available));
        return new(
            pool.Range.ToString(), pool.Name, space.Capacity, blocks.Sum(static block => block.InUse), space.Reserved, (long)available,
            blocks.Sum(static block => block.Cooling), blocks.Sum(static block => block.Borrowed), withBlocks ? blocks : []);
    }

    private async Task<ImmutableArray<Utilization>> UsesAsync(ResourceCatalog catalog, ImmutableArray<BlockRow> rows, CancellationToken cancellation)
    {
        var uses = ImmutableArray.CreateBuilder<Utilization>(rows.Length);
        foreach (var row in rows)
        {
            // Only a block that a reservation touches needs its free addresses looked at one by one.
            var touched = catalog.Reservations.Touches(row.Block);
            var available = touched ? await AvailableAsync(catalog, row.Block, cancellation) : row.Free;
            uses.Add(new(
                row.Block.ToString(), null, row.Size, row.Size - row.Free, touched ? (long)catalog.Reservations.CountIn(row.Block) : 0, available, row.Cooling, row.Borrowed, []));
        }

        return uses.MoveToImmutable();
    }

    private async Task<int> AvailableAsync(ResourceCatalog catalog, Cidr range, CancellationToken cancellation)
    {
        var block = await sight.BlockAsync(range, cancellation);
        return block.NextFree(block.Size, ordinal => catalog.Reservations.Holds(block.AddressAt(ordinal))).Length;
    }

    private async Task<ImmutableArray<BlockRow>> AllBlocksAsync(Cidr? range, CancellationToken cancellation)
    {
        var all = ImmutableArray.CreateBuilder<BlockRow>();
        ImmutableArray<BlockRow> page;
        do
        {
            page = await sight.BlocksInAsync(range, BlocksPerPage, all.Count == 0 ? null : all[^1].Block, cancellation);
            all.AddRange(page);
        }
        while (page.Length == BlocksPerPage);
        return all.ToImmutable();
    }

    private static BlockView Show(ResourceCatalog catalog, BlockRow row) => new(
        row.Block.ToString(), catalog.PoolHolding(row.Block.First)?.Name, row.Owner?.Name, row.Owner is null ? "orphan" : "owned", row.Size, row.Free,
        row.Assigned, row.Cooling, (long)catalog.Reservations.CountIn(row.Block), row.HostReserved, row.Borrowed);
}

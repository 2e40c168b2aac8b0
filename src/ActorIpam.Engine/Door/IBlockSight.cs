using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.Door;

/// <summary>Resources and blocks of one instant: of now, or of some time ago.</summary>
internal interface IBlockSight
{
    Task<(ResourceCatalog Catalog, long Version)> CatalogAsync(CancellationToken cancellation);

    /// <inheritdoc cref="IViews.BlocksOfAsync"/>
    ValueTask<ImmutableArray<BlockRow>> BlocksOfAsync(Owner owner, CancellationToken cancellation);

    /// <inheritdoc cref="IViews.BlocksInAsync"/>
    ValueTask<ImmutableArray<BlockRow>> BlocksInAsync(Cidr? range, int limit, Cidr? after, CancellationToken cancellation);

    /// <summary>The block address by address.</summary>
    ValueTask<Block> BlockAsync(Cidr range, CancellationToken cancellation);
}

/// <summary>What is now.</summary>
internal sealed class PresentSight(Workplace workplace) : IBlockSight
{
    public Task<(ResourceCatalog Catalog, long Version)> CatalogAsync(CancellationToken cancellation) => workplace.CatalogAsync(cancellation);

    public ValueTask<ImmutableArray<BlockRow>> BlocksOfAsync(Owner owner, CancellationToken cancellation) => workplace.Ports.Views.BlocksOfAsync(owner, cancellation);

    public ValueTask<ImmutableArray<BlockRow>> BlocksInAsync(Cidr? range, int limit, Cidr? after, CancellationToken cancellation) =>
        workplace.Ports.Views.BlocksInAsync(range, limit, after, cancellation);

    public async ValueTask<Block> BlockAsync(Cidr range, CancellationToken cancellation)
    {
        var entry = workplace.Supplies.BlockEntry(range);
        await entry.RefreshAsync(workplace.Ports.Journal, cancellation);
        return entry.State;
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Door;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.Past;

/// <summary>Resources and blocks as they were at one instant.</summary>
/// <remarks>
/// Which blocks there were, whose, and all resources are rows of history. The figures of a block are the fold of its stream up to the instant,
/// and so are exact, cooldowns included: INV-7, replay = views, holds for every prefix.
/// </remarks>
internal sealed class PastSight(MemberPorts ports, IPastViews past, DateTimeOffset at) : IBlockSight
{
    private (ResourceCatalog Catalog, long Version)? _known;

    public IPastViews Views => past;

    public DateTimeOffset At => at;

    public async Task<(ResourceCatalog Catalog, long Version)> CatalogAsync(CancellationToken cancellation)
    {
        if (_known is not { } known)
        {
            var then = await past.ResourcesAtAsync(at, cancellation);
            known = (then.Rows.Aggregate(ResourceCatalog.Empty, static (catalog, row) => catalog.Apply(new CatalogEvent.Created(Read(row)))), then.Version);
            _known = known;
        }

        return known;
    }

    public async ValueTask<ImmutableArray<BlockRow>> BlocksOfAsync(Owner owner, CancellationToken cancellation) =>
        await RowsAsync(await past.BlocksAtAsync(range: null, owner, int.MaxValue, after: null, at, cancellation), cancellation);

    public async ValueTask<ImmutableArray<BlockRow>> BlocksInAsync(Cidr? range, int limit, Cidr? after, CancellationToken cancellation) =>
        await RowsAsync(await past.BlocksAtAsync(range, owner: null, limit, after, at, cancellation), cancellation);

    public async ValueTask<Block> BlockAsync(Cidr range, CancellationToken cancellation) => (await FoldAsync(range, cancellation)).State;

    /// <summary>The block that held the address then.</summary>
    public async Task<BlockHistoryRow?> BlockHoldingAsync(IpAddress ip, CancellationToken cancellation) =>
        await past.BlocksAtAsync(Cidr.Of(ip), owner: null, 1, after: null, at, cancellation) is [var block, ..] ? block : null;

    private async Task<ImmutableArray<BlockRow>> RowsAsync(ImmutableArray<BlockHistoryRow> blocks, CancellationToken cancellation)
    {
        var rows = ImmutableArray.CreateBuilder<BlockRow>(blocks.Length);
        PastGoneException? latest = null;
        foreach (var block in blocks)
        {
            try
            {
                var (state, version) = await FoldAsync(block.Block, cancellation);
                rows.Add(state.Row(version));
            }
            catch (PastGoneException gone)
            {
                // The one that is kept for the shortest time decides from when on the question can be answered.
                latest = latest?.Oldest > gone.Oldest ? latest : gone;
            }
        }

        return latest is null ? rows.MoveToImmutable() : throw latest;
    }

    private Task<(Block State, long Version)> FoldAsync(Cidr range, CancellationToken cancellation) => new BlockThen(ports, range, at).FoldAsync(cancellation);

    private static Resource Read(ResourceRow row)
    {
        var answer = ResourceJson.Read(JsonElement.Parse(row.Body));
        return answer.IsRefused ? throw new UnreadableEventException($"The stored {row.Kind} {row.Name} cannot be read: {answer.Refusals[0].Message}") : answer.Value;
    }
}

/// <summary>What was asked about happened before what is kept.</summary>
internal sealed class PastGoneException(DateTimeOffset oldest, string subject) : Exception($"The past of {subject} is kept from {oldest:O} on.")
{
    public DateTimeOffset Oldest { get; } = oldest;

    public string Subject { get; } = subject;
}

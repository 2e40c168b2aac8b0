using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Door;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.Explaining;

/// <summary>Finds the reason of a grant in the journal: the event stands in the row whose version is the grant's generation.</summary>
internal sealed class GrantReasons(Workplace workplace)
{
    /// <param name="row">The address, held or once held.</param>
    /// <param name="replay">Whether to read the catalog as it was then when the pool has been changed since: as long as the catalog's stream is.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The reason; null when the journal no longer keeps the event.</returns>
    public async Task<GrantReason?> OfAsync(AddressRow row, bool replay, CancellationToken cancellation)
    {
        if (workplace.Ports.Streams is not { } browser || await browser.RowAsync(Streams.Block(row.Block), Generations.VersionOf(row.Generation), cancellation) is not { } written)
        {
            return null;
        }

        var ordinal = (int)(row.Ip.Value - row.Block.First.Value);
        var assigned = BlockEventCodec.Instance.Read(written.Events, written.Schema).OfType<BlockEvent.AddressAssigned>().FirstOrDefault(fact => fact.Ordinal == ordinal);
        if (assigned is null)
        {
            return null;
        }

        var pool = assigned.Grounds is { } grounds ? await PoolAsync(row.Ip, grounds.Catalog, replay, cancellation) : null;
        return GrantSentence.Of(
            assigned.Why, assigned.Grounds, assigned.Holder, row.Block, pool?.Name,
            pool is { Automatic: true } && assigned.Why != Allocation.Taking.Asked ? pool.NodeSelector?.Canonical : null);
    }

    /// <summary>The pool of an address at a version of the catalog. A pool that was not changed since is the one of today.</summary>
    private async Task<PoolPolicy?> PoolAsync(IpAddress ip, long version, bool replay, CancellationToken cancellation)
    {
        var (now, _) = await workplace.CatalogAsync(cancellation);
        if (now.PoolHolding(ip) is { } pool && now.Find(ResourceKind.IPPool, pool.Name)?.Metadata.ResourceVersion <= version)
        {
            return pool;
        }

        return replay ? (await AsOfAsync(version, cancellation))?.PoolHolding(ip) : null;
    }

    private async Task<ResourceCatalog?> AsOfAsync(long version, CancellationToken cancellation)
    {
        var tail = await workplace.Ports.Journal.ReadAsync(Streams.Catalog, Head.None, cancellation);
        if (tail.Rows.IsEmpty || tail.Rows[0].Version != 1)
        {
            return null;
        }

        var codec = new CatalogEventCodec();
        return tail.Rows.TakeWhile(row => row.Version <= version).SelectMany(row => codec.Read(row.Events, row.Schema))
            .Aggregate(ResourceCatalog.Empty, static (catalog, fact) => catalog.Apply(fact));
    }
}

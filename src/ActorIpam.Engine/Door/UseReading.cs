using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.Door;

/// <summary>Reads sums for those who watch a member: cheap enough to be asked every few seconds.</summary>
internal sealed class UseReading(Workplace workplace)
{
    private const int PerPage = 1_000;

    /// <summary>Blocks and final releases that are looked at. Beyond that the sums are those of the first, in address order and by name.</summary>
    private const int MostBlocks = 100_000, MostReleases = 10_000;

    public async Task<ImmutableArray<PoolFigures>> PoolsAsync(CancellationToken cancellation)
    {
        var (catalog, _) = await workplace.CatalogAsync(cancellation);
        var totals = await workplace.Ports.Views.TotalsAsync([.. catalog.Pools.Select(static pool => pool.Range)], cancellation);
        return [.. catalog.Pools.Select((pool, i) => Figures(pool.Name, pool.Range, (double)catalog.Reservations.CountIn(pool.Range), totals[i]))];
    }

    public async Task<HostFigures> HostsAsync(int most, CancellationToken cancellation)
    {
        var blocks = new Dictionary<Owner, int>();
        Cidr? after = null;
        for (var seen = 0; seen < MostBlocks; seen += PerPage)
        {
            var page = await workplace.Ports.Views.BlocksInAsync(null, PerPage, after, cancellation);
            foreach (var owner in page.Select(static row => row.Owner).OfType<Owner>())
            {
                blocks[owner] = blocks.GetValueOrDefault(owner) + 1;
            }

            if (page.Length < PerPage)
            {
                break;
            }

            after = page[^1].Block;
        }

        var ordered = blocks.OrderByDescending(static one => one.Value).ThenBy(static one => one.Key.ToString(), StringComparer.Ordinal);
        return new([.. ordered.Take(most).Select(static one => (one.Key.Name, one.Value))], blocks.Count, blocks.Values.Sum(), await OldestReleaseAsync(cancellation));
    }

    private static PoolFigures Figures(string name, Cidr range, double reserved, BlockTotals totals)
    {
        var capacity = (double)range.Size;
        return new(name, range.ToString(), capacity, reserved, capacity - totals.Free - totals.Assigned - totals.Cooling - totals.HostReserved, totals);
    }

    private async Task<TimeSpan> OldestReleaseAsync(CancellationToken cancellation)
    {
        if (workplace.Ports.Due is not { } due)
        {
            return TimeSpan.Zero;
        }

        DateTimeOffset? oldest = null;
        string? after = null;
        for (var seen = 0; seen < MostReleases; seen += PerPage)
        {
            var page = await due.ClosedHandlesAsync(after, PerPage, cancellation);
            foreach (var unfinished in page.Where(static handle => handle.IsUnfinished))
            {
                oldest = oldest is { } known && known <= unfinished.At ? known : unfinished.At;
            }

            if (page.Length < PerPage)
            {
                break;
            }

            after = page[^1].Handle;
        }

        return oldest is { } at ? TimeSpan.FromTicks(Math.Max(0, (workplace.Ports.Time.GetUtcNow() - at).Ticks)) : TimeSpan.Zero;
    }
}

/// <summary>How full a pool is.</summary>
/// <param name="Name">The pool.</param>
/// <param name="Cidr">Its range.</param>
/// <param name="Capacity">Its addresses; as a floating number, because an IPv6 pool has more than any other holds.</param>
/// <param name="Reserved">Addresses that reservations cover.</param>
/// <param name="Unclaimed">Addresses in no block.</param>
/// <param name="Blocks">The sums over its blocks.</param>
public sealed record PoolFigures(string Name, string Cidr, double Capacity, double Reserved, double Unclaimed, BlockTotals Blocks);

/// <summary>Who has how many blocks, and how old the oldest unfinished release is.</summary>
/// <param name="Most">The hosts with the most blocks, the first of them first.</param>
/// <param name="Hosts">Hosts with at least one block.</param>
/// <param name="OwnedBlocks">Blocks that have an owner.</param>
/// <param name="OldestUnfinishedRelease">Since the oldest final release was recorded some of whose addresses are still held; zero when there is none.</param>
public sealed record HostFigures(ImmutableArray<(string Host, int Blocks)> Most, int Hosts, long OwnedBlocks, TimeSpan OldestUnfinishedRelease);

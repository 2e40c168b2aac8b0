using ActorIpam.Engine.Door;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using Prometheus;

namespace ActorIpam.Server.Telemetry;

/// <summary>How full pools are and who has how many blocks, read from the views when somebody scrapes, and not again for a few seconds.</summary>
/// <remarks>
/// Pools are few and all shown. Hosts may be many: the <see cref="ConsoleDoor.MostHosts"/> with the most blocks are shown, beside the sums. What is gone, or cannot be
/// read now, is not shown: an old figure would look like a new one.
/// </remarks>
internal sealed class PoolMetrics(MetricFactory make, ConsoleDoor console, TimeProvider time, ILogger log) : IDisposable
{
    /// <summary>A scrape within this time shows what the one before has read.</summary>
    private static readonly TimeSpan Pools = TimeSpan.FromSeconds(5), Hosts = TimeSpan.FromSeconds(30);

    private readonly Gauge _addresses = make.CreateGauge(
        "ipam_pool_addresses", "Addresses of a pool by state: unclaimed (in no block), free, assigned, cooling, host_reserved. They add up to its size.", "pool", "state");

    private readonly Gauge _capacity = make.CreateGauge("ipam_pool_capacity_addresses", "The size of a pool.", "pool");
    private readonly Gauge _reserved = make.CreateGauge("ipam_pool_reserved_addresses", "Addresses of a pool that reservations cover.", "pool");
    private readonly Gauge _borrowed = make.CreateGauge("ipam_pool_borrowed_addresses", "Addresses of a pool held by others than the owner of their block.", "pool");
    private readonly Gauge _blocks = make.CreateGauge("ipam_pool_blocks", "Blocks of a pool: owned, or orphan.", "pool", "state");
    private readonly Gauge _hostBlocks = make.CreateGauge("ipam_host_blocks", "Blocks of the hosts that have the most.", "host");
    private readonly Gauge _hosts = make.CreateGauge("ipam_hosts", "Hosts that have a block.");
    private readonly Gauge _owned = make.CreateGauge("ipam_owned_blocks", "Blocks that have an owner, of all hosts.");
    private readonly Gauge _oldest = make.CreateGauge(
        "ipam_oldest_unfinished_release_seconds", "Age of the oldest final release some of whose addresses are still held; 0 when there is none.");

    private readonly Counter _failures = make.CreateCounter("ipam_scrape_failures_total", "Scrapes that could not read the figures of pools and hosts.");
    private readonly SemaphoreSlim _one = new(1, 1);
    private long? _poolsAt;
    private long? _hostsAt;

    public async Task ShowAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            if (IsOld(_poolsAt, Pools))
            {
                Show(await console.PoolFiguresAsync(cancellation));
                _poolsAt = time.GetTimestamp();
            }

            if (IsOld(_hostsAt, Hosts))
            {
                Show(await console.HostFiguresAsync(cancellation));
                _hostsAt = time.GetTimestamp();
            }
        }
        catch (Exception e) when (e is UnavailableException or JournalUnavailableException)
        {
            (_poolsAt, _hostsAt) = (null, null);
            Forget(_addresses, _capacity, _reserved, _borrowed, _blocks, _hostBlocks);
            _failures.Inc();
            Log.FiguresUnavailable(log, e.Message);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private bool IsOld(long? at, TimeSpan after) => at is not { } then || time.GetElapsedTime(then) >= after;

    private void Show(IReadOnlyList<PoolFigures> pools)
    {
        Forget(_addresses, _capacity, _reserved, _borrowed, _blocks);
        foreach (var pool in pools)
        {
            var totals = pool.Blocks;
            _addresses.WithLabels(pool.Name, "unclaimed").Set(pool.Unclaimed);
            _addresses.WithLabels(pool.Name, "free").Set(totals.Free);
            _addresses.WithLabels(pool.Name, "assigned").Set(totals.Assigned);
            _addresses.WithLabels(pool.Name, "cooling").Set(totals.Cooling);
            _addresses.WithLabels(pool.Name, "host_reserved").Set(totals.HostReserved);
            _capacity.WithLabels(pool.Name).Set(pool.Capacity);
            _reserved.WithLabels(pool.Name).Set(pool.Reserved);
            _borrowed.WithLabels(pool.Name).Set(totals.Borrowed);
            _blocks.WithLabels(pool.Name, "owned").Set(totals.Blocks - totals.Unowned);
            _blocks.WithLabels(pool.Name, "orphan").Set(totals.Unowned);
        }
    }

    private void Show(HostFigures hosts)
    {
        Forget(_hostBlocks);
        foreach (var (host, blocks) in hosts.Most)
        {
            _hostBlocks.WithLabels(host).Set(blocks);
        }

        _hosts.Set(hosts.Hosts);
        _owned.Set(hosts.OwnedBlocks);
        _oldest.Set(hosts.OldestUnfinishedRelease.TotalSeconds);
    }

    private static void Forget(params Gauge[] gauges)
    {
        foreach (var gauge in gauges)
        {
            foreach (var labels in gauge.GetAllLabelValues().ToList())
            {
                gauge.RemoveLabelled(labels);
            }
        }
    }
}

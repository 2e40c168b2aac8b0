using System.Collections.Frozen;
using System.Globalization;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Pools;
using BenchmarkDotNet.Attributes;

namespace ActorIpam.Benchmarks;

/// <summary>Finding the next block of a host: what it costs must depend neither on how wide a pool is nor on how many of its blocks are taken.</summary>
public class SearchingBenchmarks
{
    private static readonly FrozenSet<Cidr> None = [];

    private Pool _pool = Pool.Empty;
    private int _host;

    /// <summary>Pool, the length of its blocks, and how many of the first of them are left, of all that are taken.</summary>
    [Params("10.0.0.0/24 26 free", "10.0.0.0/8 26 free", "fd00::/48 122 free", "10.0.0.0/8 26 last")]
    public string Of { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        var words = Of.Split(' ');
        var grid = new BlockGrid(Cidr.Parse(words[0]), int.Parse(words[1], CultureInfo.InvariantCulture));
        _pool = Pool.On(grid);
        if (words[2] != "last")
        {
            return;
        }

        // All 262,144 but one, which lies in the middle.
        var (left, holder) = (grid.Count / 2, Owner.Host("node-1"));
        for (UInt128 index = 0; index < grid.Count; index++)
        {
            if (index != left)
            {
                _pool = _pool.Apply(new PoolEvent.BlockClaimed(grid.BlockAt(index), holder, "claimed"));
            }
        }
    }

    [Benchmark]
    public Cidr? Find() => BlockWalk.FirstUnclaimed(_pool, BlockWalk.Start(FormattableString.Invariant($"node-{_host++ & 1023}"), _pool.Grid), ReservedRanges.None, None);
}

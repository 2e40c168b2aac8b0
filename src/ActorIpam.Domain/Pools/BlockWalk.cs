using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;

namespace ActorIpam.Domain.Pools;

/// <summary>The order in which a host looks at the blocks of a pool: from a start of its own, in steps of one, around the end (semantics.md §5.3).</summary>
public static class BlockWalk
{
    /// <summary>The number of the block a host starts from: pseudo-random, the same for the same name, uniform over the blocks.</summary>
    public static UInt128 Start(string host, BlockGrid grid)
    {
        if (grid.Count == 0)
        {
            return 0;
        }

        var seed = (ulong)Fnv1(host);
        return new UInt128(Mix(seed), Mix(seed + 1)) % grid.Count;
    }

    /// <summary>The first block in walk order that is neither claimed, nor wholly reserved, nor among those to pass over; null if there is none.</summary>
    public static Cidr? FirstUnclaimed(Pool pool, UInt128 start, ReservedRanges reserved, IReadOnlySet<Cidr> passOver) =>
        Scan(pool, start, pool.Grid.Count, reserved, passOver) ?? Scan(pool, 0, start, reserved, passOver);

    private static Cidr? Scan(Pool pool, UInt128 from, UInt128 end, ReservedRanges reserved, IReadOnlySet<Cidr> passOver)
    {
        var grid = pool.Grid;
        for (var index = from; index < end; index++)
        {
            if (pool.Claimed.RunEnd(index) is { } taken)
            {
                index = taken;
                continue;
            }

            var block = grid.BlockAt(index);
            if (reserved.Covers(block))
            {
                index = LastCovered(grid, reserved, block);
                continue;
            }

            if (!passOver.Contains(block))
            {
                return block;
            }
        }

        return null;
    }

    /// <summary>The last block that the run of reservations over this block covers whole.</summary>
    private static UInt128 LastCovered(BlockGrid grid, ReservedRanges reserved, Cidr block)
    {
        var runEnd = reserved.RunEnd(block.First) ?? block.Last;
        if (!grid.Range.Contains(runEnd))
        {
            return grid.Count - 1;
        }

        var last = grid.BlockOf(runEnd);
        var index = grid.IndexOf(last);
        return last.Last == runEnd ? index : index - 1;
    }

    private static uint Fnv1(string text)
    {
        var hash = 2166136261u;
        foreach (var b in System.Text.Encoding.UTF8.GetBytes(text))
        {
            hash = unchecked(hash * 16777619u) ^ b;
        }

        return hash;
    }

    /// <summary>SplitMix64's finishing step: spreads neighbouring seeds over all 64 bits.</summary>
    private static ulong Mix(ulong seed)
    {
        unchecked
        {
            var z = (seed + 1) * 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}

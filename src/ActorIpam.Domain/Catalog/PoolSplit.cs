using System.Collections.Immutable;
using System.Numerics;
using ActorIpam.Domain.Addressing;

namespace ActorIpam.Domain.Catalog;

/// <summary>The arithmetic of splitting a pool into equal ones (semantics.md §4.5).</summary>
public static class PoolSplit
{
    /// <summary>The most parts of one split: each becomes a resource.</summary>
    public const int MostParts = 65_536;

    private const int LongestName = 253;

    /// <param name="range">The pool's range.</param>
    /// <param name="blockLength">The prefix length of its blocks; no part may be smaller.</param>
    /// <param name="parts">A power of two, at least 2.</param>
    /// <returns>The parts in ascending order, or PartsInvalid, CidrNotLargeEnough, ChildSmallerThanBlock or TooMany.</returns>
    public static Answer<ImmutableArray<Cidr>> Divide(Cidr range, int blockLength, int parts)
    {
        if (parts < 2 || !BitOperations.IsPow2(parts))
        {
            return new Refusal(RefusalCode.PartsInvalid, $"A pool is split into a power of two parts, at least 2, not {parts}.");
        }

        var length = range.Length + BitOperations.Log2((uint)parts);
        if (length > range.Family.Bits())
        {
            return new Refusal(RefusalCode.CidrNotLargeEnough, $"{range} has fewer than {parts} addresses.");
        }

        if (length > blockLength)
        {
            return new Refusal(RefusalCode.ChildSmallerThanBlock, $"A part of {range} would be a /{length}, smaller than a block (/{blockLength}).");
        }

        return parts > MostParts
            ? new Refusal(RefusalCode.TooMany, $"A pool is split into at most {MostParts} parts.")
            : Children(new(range, length), parts);
    }

    /// <summary>The name of one part, <c>split-NAME-INDEX</c>; a long name is cut so that the result stays a valid name.</summary>
    public static string ChildName(string pool, int index)
    {
        var room = LongestName - $"split--{index}".Length;
        return $"split-{(pool.Length <= room ? pool : pool[..room])}-{index}";
    }

    private static ImmutableArray<Cidr> Children(BlockGrid grid, int parts)
    {
        var children = ImmutableArray.CreateBuilder<Cidr>(parts);
        for (var i = 0; i < parts; i++)
        {
            children.Add(grid.BlockAt((UInt128)i));
        }

        return children.MoveToImmutable();
    }
}

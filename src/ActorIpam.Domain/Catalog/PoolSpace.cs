using ActorIpam.Domain.Addressing;

namespace ActorIpam.Domain.Catalog;

/// <summary>The room of a pool (semantics.md §13). Counts saturate at <see cref="long.MaxValue"/>.</summary>
/// <param name="Capacity">All addresses of the range.</param>
/// <param name="Reserved">Those that reservations cover, each once, assigned or not.</param>
/// <param name="AvailableOutsideBlocks">Those that are in no block and not reserved.</param>
public readonly record struct PoolSpace(long Capacity, long Reserved, long AvailableOutsideBlocks)
{
    /// <param name="range">The pool's range.</param>
    /// <param name="reservations">All reservations.</param>
    /// <param name="blocks">Blocks, which never overlap each other; those outside the range are left out.</param>
    public static PoolSpace Of(Cidr range, ReservedRanges reservations, IEnumerable<Cidr> blocks)
    {
        var reserved = reservations.CountIn(range);
        var (inBlocks, reservedInBlocks) = (UInt128.Zero, UInt128.Zero);
        foreach (var block in blocks.Where(block => range.Contains(block)).Distinct())
        {
            inBlocks += block.Size;
            reservedInBlocks += reservations.CountIn(block);
        }

        return new(Saturated(range.Size), Saturated(reserved), Saturated(range.Size - inBlocks - (reserved - reservedInBlocks)));
    }

    private static long Saturated(UInt128 count) => count > (UInt128)long.MaxValue ? long.MaxValue : (long)count;
}

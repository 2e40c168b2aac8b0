namespace ActorIpam.Domain.Addressing;

/// <summary>How a pool's range is carved: blocks of one size, numbered from 0 in address order.</summary>
/// <param name="Range">The pool's range.</param>
/// <param name="BlockLength">The prefix length of a block, at least that of the range.</param>
public readonly record struct BlockGrid(Cidr Range, int BlockLength)
{
    /// <summary>The number of whole blocks; 0 when the range is smaller than a block.</summary>
    public UInt128 Count => BlockLength < Range.Length ? UInt128.Zero : UInt128.One << (BlockLength - Range.Length);

    /// <summary>The number of addresses of a block.</summary>
    public int BlockAddresses => 1 << (Range.Family.Bits() - BlockLength);

    /// <exception cref="ArgumentOutOfRangeException">The number is not below <see cref="Count"/>.</exception>
    public Cidr BlockAt(UInt128 index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return new(new(Range.Family, Range.First.Value + (index << (Range.Family.Bits() - BlockLength))), BlockLength);
    }

    /// <summary>The block that holds the address, which must be inside the range.</summary>
    public Cidr BlockOf(IpAddress address) => Cidr.Containing(address, BlockLength);

    /// <summary>The number of a block of this grid.</summary>
    public UInt128 IndexOf(Cidr block) => (block.First.Value - Range.First.Value) >> (Range.Family.Bits() - BlockLength);
}

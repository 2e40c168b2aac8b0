using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;

namespace ActorIpam.Domain.Routing;

/// <summary>What routes need to know of a block. Blocks never overlap.</summary>
/// <param name="Range">The block.</param>
/// <param name="Owner">Whose it is; null for an orphan.</param>
/// <param name="Holders">Who holds which address in it. Addresses of the owner may be left out: they matter to the owner's own routes only.</param>
public sealed record RoutedBlock(Cidr Range, Owner? Owner, ImmutableSortedDictionary<IpAddress, Owner> Holders)
{
    public static ImmutableSortedDictionary<IpAddress, Owner> NoHolders => ImmutableSortedDictionary<IpAddress, Owner>.Empty;

    /// <summary>Everything that may need a route because of this block: the block, and each held address (semantics.md §16.1).</summary>
    public IEnumerable<RoutedDestination> Destinations()
    {
        if (Range.Length == Range.Family.Bits())
        {
            // The block is its only address: one destination, so that the holder can win over the owner.
            yield return new(Range, IsBlock: true, Owner, Holders.TryGetValue(Range.First, out var only) ? only : null);
            yield break;
        }

        yield return new(Range, IsBlock: true, Owner, Holder: null);
        foreach (var (ip, holder) in Holders)
        {
            yield return new(Cidr.Of(ip), IsBlock: false, Owner, holder);
        }
    }
}

/// <summary>All that the route to one destination depends on, besides pools and nodes: the fact that a delta changes.</summary>
/// <param name="At">The destination.</param>
/// <param name="IsBlock">Whether it is a whole block; a full-length block is, too.</param>
/// <param name="BlockOwner">The owner of the block, or of the block around the address.</param>
/// <param name="Holder">Who holds the address; null for a block of more than one.</param>
public sealed record RoutedDestination(Cidr At, bool IsBlock, Owner? BlockOwner, Owner? Holder)
{
    public bool IsFullLength => At.Length == At.Family.Bits();

    /// <summary>Held by somebody else than the owner of the block (everybody, in an orphan).</summary>
    public bool IsBorrowed => Holder is { } holder && holder != BlockOwner;
}

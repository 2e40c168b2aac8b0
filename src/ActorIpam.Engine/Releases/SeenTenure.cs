using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.Releases;

/// <summary>How an address was held when its release came to the cluster: that tenure is released, and none that began since.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="Block">The block it was held in; null when nobody told, and then it is looked up.</param>
internal readonly record struct SeenTenure(long Generation, Cidr? Block)
{
    /// <returns>One for each row, null where the address was not held.</returns>
    public static ImmutableArray<SeenTenure?> Of(ImmutableArray<AddressRow?> rows) => [.. rows.Select(static row => row is null ? (SeenTenure?)null : new(row.Generation, row.Block))];

    /// <returns>One for each address of the release, null where it was not held.</returns>
    public static ImmutableArray<SeenTenure?> Of(SeenRelease release) =>
    [
        .. release.Seen.Select((generation, i) => generation is { } seen
            ? new SeenTenure(seen, i < release.Blocks.Length && Cidr.TryParse(release.Blocks[i] ?? "", out var block) ? block : null)
            : (SeenTenure?)null),
    ];
}

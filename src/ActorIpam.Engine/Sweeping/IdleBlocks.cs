using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.Sweeping;

/// <summary>Which empty blocks have been seen unchanged for so long that their hosts can do without them (semantics.md §12.2, empty-block reclaim). Pure.</summary>
/// <param name="Seen">Empty blocks with the version they were seen at and since when; any use changes the version and so begins anew.</param>
public sealed record IdleBlocks(ImmutableDictionary<Cidr, IdleBlocks.Sighting> Seen)
{
    public static IdleBlocks None { get; } = new(ImmutableDictionary<Cidr, Sighting>.Empty);

    /// <summary>Takes the next observation in.</summary>
    /// <param name="empty">All owned blocks that are empty now.</param>
    /// <param name="now">When.</param>
    public IdleBlocks Observe(IEnumerable<BlockRow> empty, DateTimeOffset now) => new(empty.ToImmutableDictionary(
        static row => row.Block,
        row => Seen.TryGetValue(row.Block, out var before) && before.Version == row.Version ? before : new Sighting(row.Version, row.Owner!.Value, now)));

    /// <summary>Blocks that were seen empty, unchanged, for the grace period, and how they were seen; in address order.</summary>
    public ImmutableArray<KeyValuePair<Cidr, Sighting>> Due(DateTimeOffset now, TimeSpan grace) =>
        grace <= TimeSpan.Zero ? [] : [.. Seen.Where(seen => seen.Value.Since + grace <= now).OrderBy(static seen => seen.Key)];

    /// <summary>How an empty block was seen first.</summary>
    public readonly record struct Sighting(long Version, Owner Owner, DateTimeOffset Since);
}

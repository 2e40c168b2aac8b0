using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;

namespace ActorIpam.Domain.Views;

/// <summary>A block with one owner in one pool, for as long as that lasted. The figures of a moment are the fold of its stream up to then.</summary>
/// <param name="Block">Its range.</param>
/// <param name="Version">The version of its stream that began this; unique in the block.</param>
/// <param name="Pool">The uid of its pool.</param>
/// <param name="Owner">Whose it was; null for an orphan.</param>
/// <param name="From">The first instant.</param>
/// <param name="To">The first instant at which it was otherwise; null while it lasts.</param>
/// <param name="Why">Why it became so: demand, reclaimed, asked, split, or why the owner before lost it.</param>
/// <param name="Ended">Why it ended; null while it lasts.</param>
public sealed record BlockHistoryRow(
    Cidr Block, long Version, string Pool, Owner? Owner, DateTimeOffset From, DateTimeOffset? To, string Why, string? Ended);

/// <summary>A resource as it stood between two changes.</summary>
/// <param name="Row">What was stored.</param>
/// <param name="From">The first instant.</param>
/// <param name="To">The first instant at which it was otherwise; null while it stands.</param>
public sealed record ResourceHistoryRow(ResourceRow Row, DateTimeOffset From, DateTimeOffset? To);

/// <summary>One holder of an address; the last three are null while it is held.</summary>
/// <param name="Held">The row as it was, or is.</param>
/// <param name="Pool">The uid of the block's pool at the release.</param>
/// <param name="ReleasedAt">When it was released.</param>
/// <param name="Why">Why it was released.</param>
public sealed record HoldingRow(AddressRow Held, string? Pool, DateTimeOffset? ReleasedAt, string? Why);

/// <summary>All resources of one instant, and the version of the catalog then.</summary>
public sealed record ResourcesThen(long Version, System.Collections.Immutable.ImmutableArray<ResourceRow> Rows);

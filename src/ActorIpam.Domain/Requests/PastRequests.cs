using System.Collections.Immutable;

namespace ActorIpam.Domain.Requests;

/// <summary>Who held what, over a time. Null parts do not filter. Pool: a name, a CIDR or a uid; of pools with one name in turn, the last.</summary>
public sealed record HistoryQuery
{
    public string? Ip { get; init; }

    public string? Handle { get; init; }

    public string? Host { get; init; }

    public string? Pool { get; init; }

    /// <summary>Only what was held at or behind this instant.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only what was held before this instant.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The last end first; what is still held before all.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>1 to 10,000.</summary>
    public int Limit { get; init; } = 500;

    /// <summary>The token of the page before.</summary>
    public string? Continue { get; init; }
}

/// <summary>A page of holders in the order in which they ended; those that still hold come last.</summary>
public sealed record HistoryPage
{
    public required ImmutableArray<HeldInterval> Items { get; init; }

    /// <summary>Asks for the next page; null at the end.</summary>
    public string? Continue { get; init; }

    /// <summary>What ended before this instant may be missing; null when nothing was ever forgotten.</summary>
    public DateTimeOffset? Horizon { get; init; }
}

/// <summary>A block with one owner in one pool.</summary>
/// <param name="Cidr">The block.</param>
/// <param name="Pool">Its pool: the name of today or, of a pool that is gone, its uid.</param>
/// <param name="Host">The owner; null for an orphan.</param>
/// <param name="From">The first instant.</param>
/// <param name="To">The first instant at which it was otherwise; null while it lasts.</param>
/// <param name="Why">Why it became so.</param>
/// <param name="Ended">Why it ended; null while it lasts.</param>
public sealed record BlockInterval(string Cidr, string? Pool, string? Host, DateTimeOffset From, DateTimeOffset? To, string Why, string? Ended);

/// <summary>What became of a block, oldest first.</summary>
public sealed record BlockHistoryPage
{
    public required ImmutableArray<BlockInterval> Items { get; init; }

    public string? Continue { get; init; }

    public DateTimeOffset? Horizon { get; init; }
}

/// <summary>A resource as it stood between two changes.</summary>
/// <param name="From">The first instant.</param>
/// <param name="To">The first instant at which it was otherwise; null while it stands.</param>
/// <param name="Resource">What it was.</param>
public sealed record ResourceInterval(DateTimeOffset From, DateTimeOffset? To, System.Text.Json.JsonElement Resource);

/// <summary>What a resource was, oldest first.</summary>
public sealed record ResourceHistoryPage
{
    public required ImmutableArray<ResourceInterval> Items { get; init; }

    public string? Continue { get; init; }

    public DateTimeOffset? Horizon { get; init; }
}

/// <summary>Blanks the attributes of everything that a handle held or holds. That it held it stays known.</summary>
public sealed record RedactRequest
{
    public string? Handle { get; init; }

    /// <summary>Only what began at or before this instant; without it, the time of the first call. A continuation keeps it.</summary>
    public DateTimeOffset? Through { get; init; }
}

/// <param name="Redacted">Rows that this call blanked.</param>
/// <param name="Done">False: call again with <paramref name="Through"/>, there are more.</param>
/// <param name="Through">What began until then is blanked when it is done.</param>
public sealed record RedactAnswer(int Redacted, bool Done, DateTimeOffset Through);

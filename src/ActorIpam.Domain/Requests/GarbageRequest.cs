using System.Collections.Immutable;

namespace ActorIpam.Domain.Requests;

/// <summary>Releases what a container runtime does not list any more (protocol.md §5, gc).</summary>
public sealed record GarbageRequest
{
    public string? Host { get; init; }

    /// <summary>Only handles <c>NETWORK/…</c> are looked at.</summary>
    public string? Network { get; init; }

    /// <summary>The handles that live; at most 20,000.</summary>
    public ImmutableArray<string> Keep { get; init; } = [];

    /// <summary>When the list was made, by the clock that issues the assignments: what was issued later stays.</summary>
    public DateTimeOffset? IssuedAt { get; init; }
}

public sealed record GarbageAnswer
{
    /// <summary>In address order.</summary>
    public ImmutableArray<string> Released { get; init; } = [];
}

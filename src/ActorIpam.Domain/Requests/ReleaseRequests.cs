using System.Collections.Immutable;

namespace ActorIpam.Domain.Requests;

/// <summary>Releases addresses one by one; within a block it is all or nothing (semantics.md §7.1).</summary>
public sealed record ReleaseRequest
{
    public ImmutableArray<ReleaseEntry> Addresses { get; init; } = [];

    public string? RequestId { get; init; }
}

/// <summary>A release on its way between members, with what the first of them saw (protocol.md §4, door).</summary>
/// <remarks>What was seen stands beside the request: the digest of a request leaves out what a door adds.</remarks>
public sealed record SeenRelease
{
    public ReleaseRequest Release { get; init; } = new();

    /// <summary>For each address of the request the generation it was held under, null when it was not held.</summary>
    public ImmutableArray<long?> Seen { get; init; } = [];

    /// <summary>For each address the block it was held in, in the same order; with it nobody needs to look again. Empty from a member that does not tell it.</summary>
    public ImmutableArray<string?> Blocks { get; init; } = [];
}

/// <param name="Ip">The address.</param>
/// <param name="Handle">When given, the address must be held by it.</param>
/// <param name="Generation">When given, the address must be held under it.</param>
public sealed record ReleaseEntry(string? Ip, string? Handle = null, long? Generation = null);

public sealed record ReleaseAnswer
{
    public ImmutableArray<string> Released { get; init; } = [];

    /// <summary>Addresses that nobody held: no error.</summary>
    public ImmutableArray<string> Unallocated { get; init; } = [];

    public ImmutableArray<ReleaseError> Errors { get; init; } = [];
}

public sealed record ReleaseError(string Ip, RefusalCode Code, string Message);

/// <summary>Releases everything a handle holds (semantics.md §7.2; final releases: protocol.md §4).</summary>
public sealed record ReleaseHandleRequest
{
    public string? Handle { get; init; }

    public string? Host { get; init; }

    /// <summary>Closes the handle through <see cref="IssuedAt"/>, which it then needs: what was issued later stays.</summary>
    public bool Final { get; init; }

    public DateTimeOffset? IssuedAt { get; init; }
}

public sealed record ReleaseHandleAnswer
{
    public ImmutableArray<string> Released { get; init; } = [];
}

/// <summary>Makes sure that a host owns a block (semantics.md §5.7).</summary>
public sealed record EnsureBlockRequest
{
    public string? Host { get; init; }

    public ImmutableArray<string> Ipv4Pools { get; init; } = [];

    public ImmutableArray<string> Ipv6Pools { get; init; } = [];

    public HostReservation? HostReservedIpv4 { get; init; }

    public HostReservation? HostReservedIpv6 { get; init; }
}

public sealed record EnsureBlockAnswer
{
    public string? Ipv4Block { get; init; }

    public string? Ipv6Block { get; init; }
}

/// <summary>Claims or gives back the blocks of a range for a host (semantics.md §9.4).</summary>
public sealed record AffinityRequest
{
    public string? Host { get; init; }

    public string? Cidr { get; init; }

    /// <summary>For a release: blocks with addresses in them are refused.</summary>
    public bool MustBeEmpty { get; init; }
}

public sealed record AffinityAnswer
{
    public ImmutableArray<string> Claimed { get; init; } = [];

    public ImmutableArray<string> Failed { get; init; } = [];

    public ImmutableArray<string> Released { get; init; } = [];
}

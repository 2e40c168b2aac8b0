using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;

namespace ActorIpam.Engine.Allocation;

/// <summary>A request for addresses after the door has checked it.</summary>
internal sealed record AssignSpec
{
    public required Holding Holding { get; init; }

    public required PoolUse Use { get; init; }

    public required FamilySpec Ipv4 { get; init; }

    public required FamilySpec Ipv6 { get; init; }

    public required ImmutableSortedDictionary<string, string> NamespaceLabels { get; init; }

    /// <summary>0 means no limit of its own.</summary>
    public int MaxBlocks { get; init; }

    /// <summary>0 means no cap.</summary>
    public int MaxPerHandle { get; init; }

    public bool IsWindows { get; init; }

    public bool AllOrNothing { get; init; }

    /// <summary>The answer tells how it was decided, also when it is a plain grant.</summary>
    public bool Explain { get; init; }

    /// <summary>It is decided and proven like any other, and nothing of it is written.</summary>
    public bool DryRun { get; init; }

    public FamilySpec For(IpFamily family) => family == IpFamily.V4 ? Ipv4 : Ipv6;
}

/// <summary>What is asked of one family.</summary>
/// <param name="Count">How many addresses.</param>
/// <param name="Pools">Only from these, names or CIDRs, in this order; empty for any.</param>
/// <param name="HostReserved">What a new block keeps for the host, or null.</param>
internal sealed record FamilySpec(int Count, ImmutableArray<string> Pools, HostReserved? HostReserved);

/// <summary>Who will hold what is assigned, and under which request.</summary>
/// <param name="Owner">The host, or the virtual holder.</param>
/// <param name="Handle">The durable name, or null.</param>
/// <param name="Attributes">What the caller wants remembered.</param>
/// <param name="AttributesDigest">The digest of them, for the journal; null when there are none.</param>
/// <param name="Issued">When the caller issued the request, by its clock.</param>
/// <param name="RequestId">The name of the request.</param>
/// <param name="RequestDigest">The digest of its body.</param>
internal sealed record Holding(
    Owner Owner, string? Handle, ImmutableSortedDictionary<string, string> Attributes, string? AttributesDigest, DateTimeOffset? Issued, string RequestId, string RequestDigest);

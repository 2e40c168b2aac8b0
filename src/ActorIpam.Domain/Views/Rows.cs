using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;

namespace ActorIpam.Domain.Views;

/// <summary>An address that is held now.</summary>
/// <param name="Ip">The address.</param>
/// <param name="Block">The block it belongs to.</param>
/// <param name="Generation">The block's version at assignment, in the era of the journal; (ip, generation) is never used twice.</param>
/// <param name="Handle">The holder's durable name, or null.</param>
/// <param name="Holder">The host that asked for it; it borrows if the block is not its own.</param>
/// <param name="Attributes">What the caller wants remembered: at most 32 pairs.</param>
/// <param name="Since">When it was assigned.</param>
/// <param name="Issued">When the caller issued the request, by the caller's own clock; null if it did not say.</param>
public sealed record AddressRow(
    IpAddress Ip,
    Cidr Block,
    long Generation,
    string? Handle,
    Owner Holder,
    ImmutableSortedDictionary<string, string> Attributes,
    DateTimeOffset Since,
    DateTimeOffset? Issued)
{
    /// <summary>The attributes were blanked on request: that there are none says nothing about what was given.</summary>
    public bool IsRedacted { get; init; }
}

/// <summary>An address that was held and is no longer.</summary>
public sealed record AddressHistoryRow(AddressRow Held, string Pool, DateTimeOffset ReleasedAt, string Why)
{
    /// <summary>Why a row is here that a repair took from the addresses: it was wrong, and nobody held anything by it.</summary>
    public const string Repaired = "repaired";
}

/// <summary>A block that exists now: the figures are those of the fold of its stream.</summary>
/// <remarks>INV-6: <c>Free + Assigned + Cooling + HostReserved = Size</c>.</remarks>
/// <param name="Block">Its range.</param>
/// <param name="Pool">The uid of the pool it was opened for.</param>
/// <param name="Owner">Whose it is; null for an orphan.</param>
/// <param name="Version">The version of its stream these figures belong to.</param>
/// <param name="Size">The number of addresses.</param>
/// <param name="Free">How many can be assigned now.</param>
/// <param name="Assigned">How many are held.</param>
/// <param name="Cooling">How many were released and wait for the end of their cooldown.</param>
/// <param name="HostReserved">How many the host keeps for itself.</param>
/// <param name="Borrowed">How many of the assigned are held by others than the owner (all of them, in an orphan).</param>
/// <param name="ClaimedAt">When the owner claimed it; null for an orphan.</param>
/// <param name="CoolingSince">The oldest release among the cooling; null if none cools.</param>
public sealed record BlockRow(
    Cidr Block,
    string Pool,
    Owner? Owner,
    long Version,
    int Size,
    int Free,
    int Assigned,
    int Cooling,
    int HostReserved,
    int Borrowed,
    DateTimeOffset? ClaimedAt,
    DateTimeOffset? CoolingSince);

/// <summary>What a request was granted. The digest covers its body without what may differ between attempts.</summary>
public sealed record RequestRow(string Id, string Digest, DateTimeOffset? Issued, ImmutableArray<Grant> Grant, DateTimeOffset At);

/// <summary>One address under one generation.</summary>
public readonly record struct Grant(IpAddress Ip, long Generation);

/// <summary>A stored resource as its canonical JSON.</summary>
public sealed record ResourceRow(string Kind, string Name, string Uid, long ResourceVersion, string Body);

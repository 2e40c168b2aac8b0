using System.Collections.Immutable;

namespace ActorIpam.Domain.Requests;

/// <summary>One address as it is now.</summary>
/// <param name="Address">The address.</param>
/// <param name="State">assigned, cooling, reserved, free or outside.</param>
/// <param name="Assignment">Who holds it, when it is assigned.</param>
/// <param name="Block">The block it lies in, when there is one.</param>
/// <param name="Pool">The pool it lies in, when there is one.</param>
public sealed record AddressState(string Address, string State, AssignedAddress? Assignment, string? Block, string? Pool)
{
    /// <summary>Why it was given to its holder; null when it is not held, or when the journal no longer keeps that.</summary>
    public GrantReason? Reason { get; init; }
}

/// <summary>One holder of an address, past or present.</summary>
public sealed record HeldInterval(string Address, string? Handle, string? Host, long Generation, DateTimeOffset From, DateTimeOffset? To, string? Why, ImmutableSortedDictionary<string, string>? Attributes)
{
    /// <summary>Why it was given; null when the journal no longer keeps that.</summary>
    public GrantReason? Reason { get; init; }
}

/// <summary>One block.</summary>
/// <param name="State">owned or orphan.</param>
public sealed record BlockView(string Cidr, string? Pool, string? Host, string State, long Size, long Free, long Assigned, long Cooling, long Reserved, long HostReserved, long Borrowed);

/// <summary>The use of a pool or block in the terms of semantics.md §13; counts saturate at 2^63 − 1.</summary>
/// <param name="InUse">Capacity without what is free: host-reserved and cooling addresses included.</param>
/// <param name="Reserved">Covered by reservations, assigned or not.</param>
/// <param name="Available">Neither in use nor reserved.</param>
public sealed record Utilization(string Cidr, string? Name, long Capacity, long InUse, long Reserved, long Available, long Cooling, long Borrowed, ImmutableArray<Utilization> Blocks);

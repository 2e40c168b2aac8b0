using System.Collections.Immutable;

namespace ActorIpam.Domain.Requests;

/// <summary>Asks for addresses, chosen by the rules of semantics.md §5.</summary>
/// <remarks>The same record travels from a client, between members and into the engine. Texts are checked at the door, which names the field.</remarks>
public sealed record AssignRequest
{
    /// <summary>The host that will use the addresses; for LoadBalancer use the name of the virtual holder.</summary>
    public string? Host { get; init; }

    /// <summary>The holder's durable name, at most 256 printable characters.</summary>
    public string? Handle { get; init; }

    /// <summary>How many IPv4 addresses, 0 to 1,024.</summary>
    public int Ipv4 { get; init; }

    /// <summary>How many IPv6 addresses, 0 to 1,024.</summary>
    public int Ipv6 { get; init; }

    /// <summary>Only from these pools, in this order: names or CIDRs.</summary>
    public ImmutableArray<string> Ipv4Pools { get; init; } = [];

    public ImmutableArray<string> Ipv6Pools { get; init; } = [];

    /// <summary>Workload, Tunnel or LoadBalancer.</summary>
    public string? Use { get; init; } = "Workload";

    /// <summary>At most 32 pairs of at most 256 characters; shown with the address.</summary>
    public ImmutableSortedDictionary<string, string>? Attributes { get; init; }

    public ImmutableSortedDictionary<string, string>? NamespaceLabels { get; init; }

    /// <summary>At most so many blocks for the host in the pools of this request; 0 means no limit of its own.</summary>
    public int MaxBlocks { get; init; }

    /// <summary>At most so many addresses a family for the handle; 0 means no cap.</summary>
    public int MaxPerHandle { get; init; }

    public HostReservation? HostReservedIpv4 { get; init; }

    public HostReservation? HostReservedIpv6 { get; init; }

    /// <summary><c>windows</c> needs strict affinity.</summary>
    public string? Os { get; init; }

    /// <summary>Names this attempt: the same id and body get the same grant. The door makes one when it is missing.</summary>
    public string? RequestId { get; init; }

    /// <summary>When the caller issued it, by its own clock; orders it against final releases of the handle.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>All or nothing instead of what there is.</summary>
    public bool AllOrNothing { get; init; }
}

/// <summary>Addresses at both ends of a new block that the host keeps for itself (semantics.md §10.2).</summary>
/// <param name="Start">How many at the start.</param>
/// <param name="End">How many at the end.</param>
/// <param name="Handle">The handle they are recorded under.</param>
public sealed record HostReservation(int Start, int End, string? Handle);

/// <summary>Asks for one given address (semantics.md §6).</summary>
public sealed record AssignIpRequest
{
    public string? Host { get; init; }

    public string? Handle { get; init; }

    public string? Ip { get; init; }

    /// <summary>Checked against the pool's allowed uses when given.</summary>
    public string? Use { get; init; }

    public ImmutableSortedDictionary<string, string>? Attributes { get; init; }

    public int MaxPerHandle { get; init; }

    public string? RequestId { get; init; }

    public DateTimeOffset? IssuedAt { get; init; }
}

/// <summary>One assigned address, as every answer shows it.</summary>
public sealed record AssignedAddress
{
    public required string Address { get; init; }

    /// <summary>The address with the block's prefix length (automatic assignment) or the full length (a given address).</summary>
    public required string Cidr { get; init; }

    public required string Block { get; init; }

    /// <summary>The name of the pool it lies in; null when no pool holds it any more.</summary>
    public string? Pool { get; init; }

    public string? Host { get; init; }

    public string? Handle { get; init; }

    public bool Borrowed { get; init; }

    public long Generation { get; init; }

    public ImmutableSortedDictionary<string, string>? Attributes { get; init; }

    public DateTimeOffset Since { get; init; }

    /// <summary>Why it was given; only where it was asked for.</summary>
    public GrantReason? Reason { get; init; }
}

/// <summary>What an assignment gave: short is not an error, <see cref="Messages"/> say why.</summary>
public sealed record AssignAnswer
{
    public ImmutableArray<AssignedAddress> Ipv4 { get; init; } = [];

    public ImmutableArray<AssignedAddress> Ipv6 { get; init; } = [];

    public ImmutableArray<AssignMessage> Messages { get; init; } = [];

    /// <summary>The refusal that ended the request early, beside a partial result (<c>BlockLimit</c>, <c>AutoAllocateOff</c>).</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>How it was decided; for a dry run, or when it was asked for.</summary>
    public AssignExplanation? Explanation { get; init; }
}

/// <param name="Code"><c>pools_exhausted</c>, <c>strict_no_blocks</c>, <c>block_limit:N</c>, <c>auto_allocate_off</c>.</param>
/// <param name="Message">The sentence for people.</param>
/// <param name="Family">4 or 6.</param>
public sealed record AssignMessage(string Code, string Message, int Family);

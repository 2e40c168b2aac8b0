namespace ActorIpam.Runtime.Membership;

/// <summary>Who a member is to others, and the bounds of membership.</summary>
public sealed record MembershipOptions
{
    /// <summary>The version of what members say to each other that this program speaks. It grows when an older program could misunderstand.</summary>
#if NEXT_PROTOCOL
    public const int ProtocolNumber = 2;
#else
    public const int ProtocolNumber = 1;
#endif

    /// <summary>Its identity in the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>Where other members reach it; empty when they do not.</summary>
    public string Address { get; init; } = "";

    public int Protocol { get; init; } = ProtocolNumber;

    /// <summary>Members understand each other if their numbers differ by one at most.</summary>
    public bool Understands(int protocol) => Math.Abs(protocol - Protocol) <= 1;

    /// <summary>How often a member writes its row.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A row that is older than the newest by more than this is of a dead member.</summary>
    public TimeSpan Alive { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A clock that differs from the table's by more than this is reported.</summary>
    public TimeSpan ClockReported { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A member whose clock differs from the table's by more than this does not serve.</summary>
    public TimeSpan ClockRefused { get; init; } = TimeSpan.FromSeconds(10);
}

using System.Collections.Immutable;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Client.Answers;

/// <summary>What <c>POST assign</c> answers (api.md §3): an <see cref="AssignAnswer"/> whose refusal became a Status.</summary>
public sealed record AssignReply
{
    public ImmutableArray<AssignedAddress> Ipv4 { get; init; } = [];

    public ImmutableArray<AssignedAddress> Ipv6 { get; init; } = [];

    /// <summary>Why it is fewer than asked for.</summary>
    public ImmutableArray<AssignMessage> Messages { get; init; } = [];

    /// <summary>Set beside a partial result (HTTP 409): the reason that ended the request early.</summary>
    public Status? Error { get; init; }

    /// <summary>How it was decided: beside a short answer, for a dry run, and where it was asked for.</summary>
    public AssignExplanation? Explanation { get; init; }

    public static AssignReply Of(AssignAnswer answer) => new()
    {
        Ipv4 = answer.Ipv4,
        Ipv6 = answer.Ipv6,
        Messages = answer.Messages,
        Error = answer.Refusal is { } refusal ? RefusalStatus.Of(refusal) : null,
        Explanation = answer.Explanation,
    };
}

using ActorIpam.Client.Answers;

namespace ActorIpam.Client.Http;

/// <summary>A member answered no. The message is the member's sentence.</summary>
public sealed class ApiException(Status status) : Exception(status.Message)
{
    public Status Status { get; } = status;

    /// <summary>True when the first reason has this code.</summary>
    public bool Is(Domain.RefusalCode code) =>
        Status.Details?.Causes is [var first, ..] ? first.Reason == code.ToString() : Status.Reason == code.ToString();
}

/// <summary>No member answered. The message names every address that was tried.</summary>
/// <param name="message">The sentence.</param>
/// <param name="outcomeUnknown">True when a member took the request and then fell silent: it may have been done.</param>
/// <param name="inner">What the last attempt met.</param>
public sealed class ServerUnreachableException(string message, bool outcomeUnknown, Exception inner) : Exception(message, inner)
{
    public bool OutcomeUnknown { get; } = outcomeUnknown;
}

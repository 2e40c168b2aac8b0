using System.Collections.Immutable;

namespace ActorIpam.Server.Hosting;

/// <summary>The member cannot start. The message is the line the operator reads; a cause is for the log.</summary>
internal sealed class CannotStartException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What the message announces, a line each.</summary>
    public ImmutableArray<string> Details { get; init; } = [];
}

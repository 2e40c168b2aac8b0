namespace ActorIpam.Engine.Forwarding;

/// <summary>How long a member waits for others (protocol.md §4, route).</summary>
public sealed record ForwardingOptions
{
    /// <summary>How long who is asked, the owner or the next in line, may take before the request is served where it arrived.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long a member that did not answer is not asked again, give or take a fifth.</summary>
    public TimeSpan Suspicion { get; init; } = TimeSpan.FromSeconds(5);
}

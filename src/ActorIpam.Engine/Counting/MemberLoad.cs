using ActorIpam.Engine.Sweeping;

namespace ActorIpam.Engine.Counting;

/// <summary>How full a member's queues and memory are now, and what its runtime has done since it started.</summary>
public sealed record MemberLoad
{
    /// <summary>Requests that wait in mailboxes.</summary>
    public required int LettersWaiting { get; init; }

    /// <summary>Requests in the fullest mailbox.</summary>
    public required int DeepestMailbox { get; init; }

    /// <summary>Requests that were turned away because a mailbox, or the member, was full.</summary>
    public required long LettersRefused { get; init; }

    /// <summary>Units that wait for a commit or are under way.</summary>
    public required int CommitsWaiting { get; init; }

    /// <summary>Streams that are activated.</summary>
    public required int ActiveStreams { get; init; }

    public required long Activations { get; init; }

    public required long Passivations { get; init; }

    public required SweepCounts Sweeps { get; init; }
}

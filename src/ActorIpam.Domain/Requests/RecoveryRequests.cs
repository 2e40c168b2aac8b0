using System.Collections.Immutable;

namespace ActorIpam.Domain.Requests;

/// <summary>An address that a host uses, whatever the journal says.</summary>
/// <param name="Ip">The address.</param>
/// <param name="Handle">Who holds it there; null for a holder without a name.</param>
public sealed record ReportedHolding(string? Ip, string? Handle);

/// <summary>All that one host holds, told to a journal that was brought back from a backup.</summary>
public sealed record RecoveryReport
{
    public string? Host { get; init; }

    /// <summary>LoadBalancer for a holder that is no host; else not given.</summary>
    public string? Use { get; init; }

    /// <summary>
    /// When the list was made, by the clock that the holder issues its requests by: a final release issued later ends what the list names, whichever comes first.
    /// Null when its releases are not final; then the clock of the member counts, and a release it has not caught up with leaves the address held.
    /// </summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>Every address the host holds, those of its tunnels too; at most 10,000. Empty when it holds none.</summary>
    public ImmutableArray<ReportedHolding> Holdings { get; init; } = [];
}

/// <summary>An address that was reported and cannot be taken over, or that the journal knows and the report does not.</summary>
/// <param name="Ip">The address.</param>
/// <param name="Handle">The handle of the report, or of the journal.</param>
/// <param name="Why">A sentence; null for what was not reported.</param>
public sealed record DisputedHolding(string Ip, string? Handle, string? Why);

public sealed record RecoveryReportAnswer
{
    /// <summary>What the journal did not know and knows now, in the order of the report; nothing whose handle was finally released since the list was made.</summary>
    public ImmutableArray<string> Adopted { get; init; } = [];

    /// <summary>How many the journal knew already.</summary>
    public int Kept { get; init; }

    /// <summary>What stands against the report. While there is any the host counts as not reported.</summary>
    public ImmutableArray<DisputedHolding> Conflicts { get; init; } = [];

    /// <summary>What the journal says the host holds and the report does not: released since the backup. It stays held until somebody releases it. At most 1,000.</summary>
    public ImmutableArray<DisputedHolding> NotReported { get; init; } = [];
}

/// <summary>Ends a recovery.</summary>
public sealed record RecoveryEnd
{
    /// <summary>End it although holders have not reported: what they were given after the backup may be given again.</summary>
    public bool AcceptLoss { get; init; }
}

public sealed record RecoveryView
{
    public bool Recovering { get; init; }

    /// <summary>The instant of the backup; null when nothing is recovering.</summary>
    public DateTimeOffset? TakenAt { get; init; }

    /// <summary>When the backup was brought back.</summary>
    public DateTimeOffset? BegunAt { get; init; }

    /// <summary>Holders that have told all they hold, by name: <c>host:NAME</c> or <c>virtual:NAME</c>.</summary>
    public ImmutableArray<string> Reported { get; init; } = [];

    /// <summary>Holders the journal knows that have not.</summary>
    public ImmutableArray<string> Waiting { get; init; } = [];
}

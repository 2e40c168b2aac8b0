using ActorIpam.Engine;
using ActorIpam.EventSourcing;

namespace ActorIpam.Simulation.Members;

/// <summary>How a member of a world is made.</summary>
public sealed record MemberShape
{
    /// <summary>How far its clock is off when it starts for the first time.</summary>
    public TimeSpan Skew { get; init; }

    /// <summary>By how much its clock runs too fast, in a million.</summary>
    public int Drift { get; init; }

    /// <summary>A second layer around its journal: where tests plant faults of the port.</summary>
    public Func<IJournal, IJournal> AroundJournal { get; init; } = journal => journal;

    /// <summary>The way to other members; null for a member that forwards nothing.</summary>
    public SimulatedNetwork? Network { get; init; }

    /// <summary>Whether it does what is due and nobody asks for.</summary>
    public bool Sweeps { get; init; } = true;

    public Func<string, MemberOptions> Options { get; init; } = name => new() { Name = name };
}

namespace ActorIpam.Engine.Sweeping;

/// <summary>What the sweeps of a member have done since it started.</summary>
public sealed record SweepCounts
{
    public static SweepCounts None { get; } = new();

    /// <summary>Runs that ended, whatever they found.</summary>
    public long Runs { get; init; }

    /// <summary>Addresses whose cooldown was ended.</summary>
    public long CooldownsEnded { get; init; }

    /// <summary>Blocks that hosts without their node lost.</summary>
    public long BlocksOfGoneHosts { get; init; }

    /// <summary>Blocks that were given back because they had been empty for long.</summary>
    public long IdleBlocks { get; init; }

    public long RequestsForgotten { get; init; }

    public long HandlesForgotten { get; init; }

    /// <summary>Units that deleted history past its time.</summary>
    public long HistoryCuts { get; init; }

    /// <summary>Final releases that were taken up again.</summary>
    public long ReleasesFinished { get; init; }

    /// <summary>Snapshots that were put beside long streams.</summary>
    public long SnapshotsKept { get; init; }

    /// <summary>Old journal rows that were cut because snapshots cover them.</summary>
    public long RowsCut { get; init; }

    /// <summary>Kinds of work that a run could not finish because nobody could answer; the next run takes them up again.</summary>
    public long Failures { get; init; }
}

namespace ActorIpam.Engine.Sweeping;

/// <summary>How often a member looks for work nobody asks for, and how patient it is with each kind.</summary>
public sealed record SweepingOptions
{
    /// <summary>The mean time between two runs; each wait differs from it by up to a quarter. Zero: no runs.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an empty block may stay with a host that has another one (semantics.md §12.2). Zero: for ever.</summary>
    public TimeSpan IdleGrace { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long what a request was granted is remembered after nothing of it is held any more; at least a day (protocol.md §2).</summary>
    public TimeSpan RequestsKept { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long a final release is remembered of a handle that holds nothing; not shorter than requests.</summary>
    public TimeSpan HandlesKept { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The shortest time for which history may be kept.</summary>
    public static TimeSpan ShortestHistory { get; } = TimeSpan.FromHours(24);

    /// <summary>How long it is known who held what, whose blocks were and what resources were, after it ended; at least <see cref="ShortestHistory"/>. Null: for ever.</summary>
    public TimeSpan? HistoryKept { get; init; }

    /// <summary>A block's stream gets a snapshot when so many rows lie behind its newest one. 0: never.</summary>
    public int SnapshotRows { get; init; } = 200;

    /// <summary>Journal rows of blocks that are older and covered by two snapshots are cut; at least a day (protocol.md §2). Zero: all are kept for ever.</summary>
    public TimeSpan JournalKept { get; init; } = TimeSpan.Zero;

    /// <summary>Rows that one question brings.</summary>
    public int RowsPerPage { get; init; } = 500;

    /// <summary>Questions of one kind in one run; what is left waits for the next.</summary>
    public int PagesPerRun { get; init; } = 20;

    /// <summary>How far the clocks of two members may lie apart (protocol.md §4): a block claimed so shortly behind the deletion of its node counts as claimed before.</summary>
    public TimeSpan ClockError { get; init; } = TimeSpan.FromSeconds(10);
}

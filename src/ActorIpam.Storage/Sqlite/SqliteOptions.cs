namespace ActorIpam.Storage.Sqlite;

/// <summary>The bounds of an embedded journal.</summary>
public sealed record SqliteOptions
{
    /// <summary>How many batches may wait for the writer; behind that, appends wait before they queue. 1 or more.</summary>
    public int QueuedBatches { get; init; } = 1_024;

    /// <summary>How many queries read at once. 1 or more.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>The log is folded into the database file when it has so many pages (of 4 KiB), in the writer.</summary>
    public int CheckpointPages { get; init; } = 20_000;

    /// <summary>The log is folded in also when nobody appended for so long.</summary>
    public TimeSpan IdleCheckpoint { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The database may grow to so many pages of 4 KiB; null for no bound but the disk's.</summary>
    public int? MaxPages { get; init; }
}

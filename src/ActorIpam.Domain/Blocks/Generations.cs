namespace ActorIpam.Domain.Blocks;

/// <summary>The numbers under which addresses are held: the version of the block at the assignment, in the era of the journal.</summary>
/// <remarks>
/// A journal that was brought back from a backup counts versions again which the lost one has used. With an era of its own, (address, generation) is never used
/// twice all the same: a release that names one of the lost journal meets nobody. Era and version fit into the 53 bits that every reader of JSON keeps.
/// </remarks>
public static class Generations
{
    private const int VersionBits = 28;

    private static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="era">The era of the journal; 0 before it was ever brought back.</param>
    /// <param name="version">The version of the block.</param>
    public static long Of(long era, long version)
    {
        EventSourcing.Invariant.Holds(version < 1L << VersionBits, "INV-2", $"A block has {version} versions, more than generations tell apart.");
        return (era << VersionBits) | version;
    }

    public static long VersionOf(long generation) => generation & ((1L << VersionBits) - 1);

    /// <summary>The era that begins when a journal is brought back: later than the one before, and another one each minute, so that two lives of one backup differ.</summary>
    public static long EraAt(DateTimeOffset at, long before) => Math.Max(before + 1, (long)(at - Beginning).TotalMinutes);
}

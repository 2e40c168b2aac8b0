namespace ActorIpam.Domain.Requests;

/// <summary>What an operator can do about what no repair mends.</summary>
public static class CheckRemedies
{
    /// <summary>A sentence; null for what a repair mends.</summary>
    public static string? Of(CheckKind kind) => kind switch
    {
        CheckKind.StreamBroken =>
            "Members do not serve this stream until it is whole: nothing else is affected. When a newer release wrote it, run that release. Else restore the journal from a backup taken before the damage; nothing but the stream itself knows what was in it.",
        CheckKind.HeadDiffers =>
            "Stop all members, set the head in the table 'stream' to at least the version that is named, with a new commit id, and start them again; or restore a backup. Until then decisions may rest on what has changed.",
        CheckKind.OwnerDiffers =>
            "The streams of pool and block contradict each other: release the affinity of the host that is named ('POST /ipam/v1/affinities/release'), and let it claim a block again; addresses stay.",
        CheckKind.StreamStray =>
            "Nothing reads this stream, and it does no harm. It tells that somebody wrote into the database besides the members, or that rows of another stream are gone.",
        CheckKind.RequestUnknown =>
            "A repeat of this request would be answered with addresses that nobody holds: let its sender use another request id, or delete the row of the table 'request'. It goes by itself a day after it was granted.",
        CheckKind.HistoryDiffers =>
            "The rows of the journal that knew what was right are cut. Where two holders overlap, the one with the higher generation came later; a backup taken before the damage has the right rows.",
        CheckKind.SnapshotBad =>
            "It is passed over and harmless, and goes when the stream has grown by as many rows as '--snapshot-rows' says.",
        _ => null,
    };
}

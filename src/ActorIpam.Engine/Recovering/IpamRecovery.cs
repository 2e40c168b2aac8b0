using ActorIpam.Domain;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine.Door;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.GroupCommit;

namespace ActorIpam.Engine.Recovering;

/// <summary>What can be asked of a journal that was brought back from a backup.</summary>
public sealed class IpamRecovery
{
    private readonly RecoveryDoor _door;

    internal IpamRecovery(Workplace workplace, Committer committer) => _door = new(workplace, committer);

    /// <summary>The event a restored journal begins with, as its codec writes it.</summary>
    /// <param name="takenAt">The instant of the backup.</param>
    /// <param name="at">Now.</param>
    public static (int Schema, string Events) Beginning(DateTimeOffset takenAt, DateTimeOffset at)
    {
        var codec = new CatalogEventCodec();
        return (codec.Schema, codec.Write([new CatalogEvent.RecoveryBegun(takenAt, at.Whole())]));
    }

    public Task<Answer<RecoveryView>> ShowAsync(CancellationToken cancellation) => IpamDoor.ServedAsync(_door.ShowAsync(cancellation));

    /// <summary>Takes over what one holder holds. It may be repeated, and is, when conflicts are solved.</summary>
    public Task<Answer<RecoveryReportAnswer>> ReportAsync(RecoveryReport report, CancellationToken cancellation) => IpamDoor.ServedAsync(_door.ReportAsync(report, cancellation));

    /// <summary>Ends the recovery: what is free may be assigned again.</summary>
    public Task<Answer<RecoveryView>> EndAsync(RecoveryEnd request, CancellationToken cancellation) => IpamDoor.ServedAsync(_door.EndAsync(request, cancellation));
}

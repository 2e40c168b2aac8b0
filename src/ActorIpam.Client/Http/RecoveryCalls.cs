using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Client.Http;

/// <summary>The calls about a journal that was brought back from a backup.</summary>
public sealed class RecoveryCalls
{
    private readonly ApiTransport _transport;

    internal RecoveryCalls(ApiTransport transport) => _transport = transport;

    public async Task<RecoveryView> ShowAsync(CancellationToken cancellation = default) =>
        Posting.ReadDefaulted(await _transport.SendAsync(ApiCall.Get("ipam/v1/recovery"), cancellation), RecoveryJson.Default.RecoveryView);

    /// <summary>Tells all that one holder holds.</summary>
    public async Task<RecoveryReportAnswer> ReportAsync(RecoveryReport report, CancellationToken cancellation = default) => Posting.ReadDefaulted(
        await _transport.SendAsync(Posting.Of("ipam/v1/recovery/report", report, RecoveryJson.Readable.RecoveryReport, repeatable: true), cancellation), RecoveryJson.Default.RecoveryReportAnswer);

    /// <summary>Ends the recovery.</summary>
    public async Task<RecoveryView> EndAsync(RecoveryEnd end, CancellationToken cancellation = default) => Posting.ReadDefaulted(
        await _transport.SendAsync(Posting.Of("ipam/v1/recovery/end", end, RecoveryJson.Default.RecoveryEnd, repeatable: false), cancellation), RecoveryJson.Default.RecoveryView);
}

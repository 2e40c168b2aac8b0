using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;

namespace ActorIpam.Client.Http;

/// <summary>Calls about the member itself.</summary>
public sealed class ClusterCalls
{
    private readonly ApiTransport _transport;

    internal ClusterCalls(ApiTransport transport) => _transport = transport;

    /// <summary>What became of the definitions in the folder the member watches.</summary>
    public async Task<IngestStatus> IngestAsync(CancellationToken cancellation = default) =>
        Posting.Read(await _transport.SendAsync(ApiCall.Get("cluster/v1/ingest"), cancellation), ApiJson.Default.IngestStatus);
}

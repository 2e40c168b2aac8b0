using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;

namespace ActorIpam.Client.Http;

/// <summary>Calls about the member itself and the cluster it is in.</summary>
public sealed class ClusterCalls
{
    private readonly ApiTransport _transport;

    internal ClusterCalls(ApiTransport transport) => _transport = transport;

    /// <summary>What became of the definitions in the folder the member watches.</summary>
    public async Task<IngestStatus> IngestAsync(CancellationToken cancellation = default) =>
        Posting.Read(await _transport.SendAsync(ApiCall.Get("cluster/v1/ingest"), cancellation), ApiJson.Default.IngestStatus);

    /// <summary>The members of the cluster, as the one that answers sees them.</summary>
    public async Task<ClusterMembers> MembersAsync(CancellationToken cancellation = default) =>
        Posting.Read(await _transport.SendAsync(ApiCall.Get("cluster/v1/members"), cancellation), ApiJson.Default.ClusterMembers);

    /// <summary>Which member owns how many keys.</summary>
    public async Task<Shards> ShardsAsync(CancellationToken cancellation = default) =>
        Posting.Read(await _transport.SendAsync(ApiCall.Get("cluster/v1/shards"), cancellation), ApiJson.Default.Shards);

    /// <summary>Asks a member to drain and stop; the row of a dead one is taken away. Asking twice does no more than asking once.</summary>
    public async Task<ClusterMember> LeaveAsync(string member, CancellationToken cancellation = default) =>
        Posting.Read(
            await _transport.SendAsync(new(HttpMethod.Post, $"cluster/v1/members/{Uri.EscapeDataString(member)}/leave") { Repeatable = true }, cancellation),
            ApiJson.Default.ClusterMember);
}

using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Client.Http;

/// <summary>The calls of api.md §3 about blocks, their hosts and the routes to them.</summary>
public sealed class BlockCalls
{
    private readonly ApiTransport _transport;

    internal BlockCalls(ApiTransport transport) => _transport = transport;

    /// <summary>Makes sure that a host owns a block; repeating it changes nothing more.</summary>
    public async Task<EnsureBlockAnswer> EnsureAsync(EnsureBlockRequest request, CancellationToken cancellation = default)
    {
        var answer = await _transport.SendAsync(Posting.Of("ipam/v1/ensure-block", request, ApiJson.Default.EnsureBlockRequest, repeatable: true), cancellation);
        return Posting.ReadDefaulted(answer, ApiJson.Default.EnsureBlockAnswer);
    }

    public Task<AffinityAnswer> ClaimAsync(AffinityRequest request, CancellationToken cancellation = default) =>
        AffinityAsync("ipam/v1/affinities/claim", request, cancellation);

    public Task<AffinityAnswer> ReleaseAsync(AffinityRequest request, CancellationToken cancellation = default) =>
        AffinityAsync("ipam/v1/affinities/release", request, cancellation);

    /// <summary>Gives back every block of a host.</summary>
    public async Task<AffinityAnswer> ReleaseHostAsync(string host, bool mustBeEmpty, CancellationToken cancellation = default)
    {
        var path = $"ipam/v1/hosts/{Uri.EscapeDataString(host)}{UrlQuery.Of(("mustBeEmpty", mustBeEmpty ? "true" : "false"))}";
        var answer = await _transport.SendAsync(new(HttpMethod.Delete, path) { Repeatable = true }, cancellation);
        return Posting.ReadDefaulted(answer, ApiJson.Default.AffinityAnswer);
    }

    /// <param name="pool">A pool's name or CIDR; null for all.</param>
    /// <param name="host">The owner; null for all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<BlockViews> ListAsync(string? pool = null, string? host = null, CancellationToken cancellation = default)
    {
        var answer = await _transport.SendAsync(ApiCall.Get("ipam/v1/blocks" + UrlQuery.Of(("pool", pool), ("host", host))), cancellation);
        return Posting.Read(answer, ApiJson.Default.BlockViews);
    }

    /// <param name="pool">A pool's name or exact CIDR; null for all pools.</param>
    /// <param name="blocks">Whether to list the blocks of each.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Utilizations> UtilizationAsync(string? pool = null, bool blocks = false, CancellationToken cancellation = default)
    {
        var query = UrlQuery.Of(("pool", pool), ("blocks", blocks ? "true" : null));
        return Posting.Read(await _transport.SendAsync(ApiCall.Get("ipam/v1/utilization" + query), cancellation), ApiJson.Default.Utilizations);
    }

    /// <summary>Replays the journal beside the views and tells where they disagree.</summary>
    public async Task<CheckReport> CheckAsync(CancellationToken cancellation = default) =>
        Posting.ReadDefaulted(await _transport.SendAsync(ApiCall.Get("ipam/v1/check"), cancellation), ApiJson.Default.CheckReport);

    /// <summary>The routes of a node and what its NAT needs; they follow from blocks and who holds what in them.</summary>
    public async Task<NodeRouting> RoutesAsync(string node, CancellationToken cancellation = default) =>
        Posting.Read(await _transport.SendAsync(ApiCall.Get($"ipam/v1/routes/{Uri.EscapeDataString(node)}"), cancellation), ApiJson.Default.NodeRouting);

    /// <summary>Does a part of splitting a pool; to be repeated, with what it answered last, until it is done.</summary>
    public async Task<SplitAnswer> SplitAsync(SplitRequest request, CancellationToken cancellation = default)
    {
        var answer = await _transport.SendAsync(Posting.Of("ipam/v1/split", request, ApiJson.Default.SplitRequest, repeatable: true), cancellation);
        return Posting.ReadDefaulted(answer, ApiJson.Default.SplitAnswer);
    }

    private async Task<AffinityAnswer> AffinityAsync(string path, AffinityRequest request, CancellationToken cancellation) =>
        Posting.ReadDefaulted(await _transport.SendAsync(Posting.Of(path, request, ApiJson.Default.AffinityRequest, repeatable: true), cancellation), ApiJson.Default.AffinityAnswer);
}

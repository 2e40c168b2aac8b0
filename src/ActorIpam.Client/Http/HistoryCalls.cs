using System.Globalization;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Client.Http;

/// <summary>The calls about stretches of time, and the one that blanks attributes.</summary>
public sealed class HistoryCalls
{
    private readonly ApiTransport _transport;

    internal HistoryCalls(ApiTransport transport) => _transport = transport;

    /// <summary>One page of holders, past and present, in the order in which they ended.</summary>
    public async Task<HistoryPage> HoldingsAsync(HistoryQuery query, CancellationToken cancellation = default)
    {
        var text = UrlQuery.Of(
            ("ip", query.Ip), ("handle", query.Handle), ("host", query.Host), ("pool", query.Pool), ("from", Text(query.From)), ("to", Text(query.To)),
            ("newestFirst", query.NewestFirst ? "true" : null), ("limit", Text(query.Limit)), ("continue", query.Continue));
        return Posting.Read(await _transport.SendAsync(ApiCall.Get("ipam/v1/history" + text), cancellation), ApiJson.Default.HistoryPage);
    }

    /// <summary>One page of what became of a block, oldest first.</summary>
    public async Task<BlockHistoryPage> BlockAsync(string block, int limit = 500, string? next = null, CancellationToken cancellation = default) => Posting.Read(
        await _transport.SendAsync(ApiCall.Get("ipam/v1/history/blocks" + UrlQuery.Of(("block", block), ("limit", Text(limit)), ("continue", next))), cancellation),
        ApiJson.Default.BlockHistoryPage);

    /// <summary>One page of what a resource was, oldest first.</summary>
    public async Task<ResourceHistoryPage> ResourceAsync(ResourceKind kind, string name, int limit = 500, string? next = null, CancellationToken cancellation = default)
    {
        var query = UrlQuery.Of(("kind", ResourceKinds.Of(kind).Name), ("name", name), ("limit", Text(limit)), ("continue", next));
        return Posting.Read(await _transport.SendAsync(ApiCall.Get("ipam/v1/history/resources" + query), cancellation), ApiJson.Default.ResourceHistoryPage);
    }

    /// <summary>Blanks some of the attributes of a handle; to be repeated, with the instant it answered, until it is done.</summary>
    public async Task<RedactAnswer> RedactAsync(RedactRequest request, CancellationToken cancellation = default) => Posting.Read(
        await _transport.SendAsync(Posting.Of("ipam/v1/redact", request, ApiJson.Default.RedactRequest, repeatable: true), cancellation), ApiJson.Default.RedactAnswer);

    private static string? Text(DateTimeOffset? at) => at?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

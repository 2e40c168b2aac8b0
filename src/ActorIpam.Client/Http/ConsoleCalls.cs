using System.Globalization;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Client.Http;

/// <summary>What operators look at: the actors of a member and the streams of the journal.</summary>
public sealed class ConsoleCalls
{
    private readonly ApiTransport _transport;

    internal ConsoleCalls(ApiTransport transport) => _transport = transport;

    /// <summary>The actors of the member that answers; all pages in one.</summary>
    /// <param name="kind">catalog, pool, block or host; null for all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ActorList> ActorsAsync(string? kind = null, CancellationToken cancellation = default)
    {
        var all = await PageAsync(null);
        while (all.Continue is { } next)
        {
            var page = await PageAsync(next);
            all = page with { Items = all.Items.AddRange(page.Items) };
        }

        return all;

        async Task<ActorList> PageAsync(string? after) => Posting.Read(
            await _transport.SendAsync(ApiCall.Get("cluster/v1/actors" + UrlQuery.Of(("kind", kind), ("limit", "1000"), ("continue", after))), cancellation), ApiJson.Default.ActorList);
    }

    /// <summary>One stream as the member that answers sees it.</summary>
    public async Task<ActorDetail> ActorAsync(string stream, CancellationToken cancellation = default) =>
        Posting.Read(await _transport.SendAsync(ApiCall.Get("cluster/v1/actors/" + Escape(stream)), cancellation), ApiJson.Default.ActorDetail);

    /// <summary>Some rows of a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="from">The first version wanted, from 1.</param>
    /// <param name="limit">1 to 10,000.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<JournalPage> StreamAsync(string stream, long from, int limit, CancellationToken cancellation = default)
    {
        var query = UrlQuery.Of(("from", Text(from)), ("limit", Text(limit)));
        return Posting.Read(await _transport.SendAsync(ApiCall.Get($"cluster/v1/journal/{Escape(stream)}{query}"), cancellation), ApiJson.Default.JournalPage);
    }

    /// <summary>What is recorded in all streams.</summary>
    /// <param name="after">The token of the answer before; null to begin now.</param>
    /// <param name="wait">Seconds to wait when there is nothing, at most 10.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ApiException">410: the member does not know the token; begin again.</exception>
    public async Task<JournalPage> TailAsync(string? after, int wait, CancellationToken cancellation = default)
    {
        var query = UrlQuery.Of(("after", after), ("wait", Text(wait)));
        return Posting.Read(await _transport.SendAsync(ApiCall.Get("cluster/v1/journal" + query), cancellation), ApiJson.Default.JournalPage);
    }

    /// <summary>Slashes are part of a stream's name and of the path; everything else is escaped.</summary>
    private static string Escape(string stream) => string.Join('/', stream.Split('/').Select(Uri.EscapeDataString));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

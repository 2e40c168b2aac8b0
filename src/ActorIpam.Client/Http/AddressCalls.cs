using System.Text.Json;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Client.Http;

/// <summary>The calls of api.md §3 about addresses.</summary>
public sealed class AddressCalls
{
    /// <summary>A request id names at most so many released addresses.</summary>
    private const int MostNamed = 1024;

    private readonly ApiTransport _transport;

    internal AddressCalls(ApiTransport transport) => _transport = transport;

    /// <summary>Assigns by the rules. A partial result with a reason (HTTP 409) is an answer; everything else that fails is thrown.</summary>
    /// <remarks>A request without an id gets one here, so that another member may be asked when one falls silent.</remarks>
    public async Task<AssignReply> AssignAsync(AssignRequest request, CancellationToken cancellation = default)
    {
        var named = request.RequestId is null ? request with { RequestId = NewRequestId() } : request;
        var answer = await _transport.AskAsync(Posting.Of("ipam/v1/assign", named, ApiJson.Default.AssignRequest, repeatable: true), cancellation);
        if (answer.Succeeded || PartialResult(answer))
        {
            return Posting.ReadDefaulted(answer, ApiJson.Default.AssignReply);
        }

        throw new ApiException(FailedAnswer.StatusOf(answer));
    }

    /// <summary>Assigns one given address.</summary>
    public async Task<AssignedAddress> AssignIpAsync(AssignIpRequest request, CancellationToken cancellation = default)
    {
        var named = request.RequestId is null ? request with { RequestId = NewRequestId() } : request;
        var answer = await _transport.SendAsync(Posting.Of("ipam/v1/assign-ip", named, ApiJson.Default.AssignIpRequest, repeatable: true), cancellation);
        return Posting.Read(answer, ApiJson.Default.AssignedAddress);
    }

    /// <summary>Releases addresses one by one.</summary>
    /// <remarks>
    /// With an id – it gets one here – a repetition finishes what the first attempt was about. A release of more addresses than an id may name is not repeated:
    /// without a generation it could meet a new holder.
    /// </remarks>
    public async Task<ReleaseAnswer> ReleaseAsync(ReleaseRequest request, CancellationToken cancellation = default)
    {
        var named = request.RequestId is null && request.Addresses.Length <= MostNamed ? request with { RequestId = NewRequestId() } : request;
        var answer = await _transport.SendAsync(Posting.Of("ipam/v1/release", named, ApiJson.Default.ReleaseRequest, repeatable: named.RequestId is not null), cancellation);
        return Posting.ReadDefaulted(answer, ApiJson.Default.ReleaseAnswer);
    }

    /// <summary>Releases everything a handle holds.</summary>
    public async Task<ReleaseHandleAnswer> ReleaseHandleAsync(ReleaseHandleRequest request, CancellationToken cancellation = default)
    {
        var answer = await _transport.SendAsync(
            Posting.Of("ipam/v1/release-handle", request, ApiJson.Default.ReleaseHandleRequest, repeatable: request.Final), cancellation);
        return Posting.ReadDefaulted(answer, ApiJson.Default.ReleaseHandleAnswer);
    }

    /// <summary>Releases what a container runtime does not list any more; repeating it releases nothing more.</summary>
    public async Task<GarbageAnswer> CollectGarbageAsync(GarbageRequest request, CancellationToken cancellation = default)
    {
        var answer = await _transport.SendAsync(Posting.Of("ipam/v1/gc", request, ApiJson.Default.GarbageRequest, repeatable: true), cancellation);
        return Posting.ReadDefaulted(answer, ApiJson.Default.GarbageAnswer);
    }

    /// <summary>One address as it is now.</summary>
    public async Task<AddressView> GetAsync(string ip, CancellationToken cancellation = default)
    {
        var answer = await _transport.SendAsync(ApiCall.Get($"ipam/v1/addresses/{Uri.EscapeDataString(ip)}"), cancellation);
        return Posting.Read(answer, ApiJson.Default.AddressView);
    }

    /// <summary>Every holder of an address, oldest first.</summary>
    public async Task<HeldIntervals> HistoryAsync(string ip, CancellationToken cancellation = default)
    {
        var answer = await _transport.SendAsync(ApiCall.Get($"ipam/v1/addresses/{Uri.EscapeDataString(ip)}/history"), cancellation);
        return Posting.Read(answer, ApiJson.Default.HeldIntervals);
    }

    /// <summary>One page of held addresses.</summary>
    public async Task<AddressPage> PageAsync(AddressSearch search, CancellationToken cancellation = default)
    {
        var answer = await _transport.SendAsync(ApiCall.Get("ipam/v1/addresses" + search.Query()), cancellation);
        return Posting.Read(answer, ApiJson.Default.AddressPage);
    }

    /// <summary>All held addresses that fit, page by page.</summary>
    public async IAsyncEnumerable<AssignedAddress> AllAsync(
        AddressSearch search, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (var next = search; ;)
        {
            var page = await PageAsync(next, cancellation);
            foreach (var address in page.Items)
            {
                yield return address;
            }

            if (string.IsNullOrEmpty(page.Continue))
            {
                yield break;
            }

            next = search with { Continue = page.Continue };
        }
    }

    private static string NewRequestId() => Guid.NewGuid().ToString("N");

    private static bool PartialResult(ApiAnswer answer)
    {
        if (answer.Code != 409)
        {
            return false;
        }

        try
        {
            using var body = JsonDocument.Parse(answer.Body);
            return body.RootElement.ValueKind == JsonValueKind.Object
                && body.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>Which held addresses to list; null parts do not filter. Pool: name or CIDR; block: a CIDR.</summary>
public sealed record AddressSearch
{
    public string? Handle { get; init; }

    public string? Host { get; init; }

    public string? Pool { get; init; }

    public string? Block { get; init; }

    public bool? Borrowed { get; init; }

    /// <summary>The size of a page, 1 to 10,000.</summary>
    public int Limit { get; init; } = 1_000;

    /// <summary>The token of the page before.</summary>
    public string? Continue { get; init; }

    internal string Query() => UrlQuery.Of(
        ("handle", Handle), ("host", Host), ("pool", Pool), ("block", Block), ("borrowed", Borrowed is { } b ? (b ? "true" : "false") : null),
        ("limit", Limit.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("continue", Continue));
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Http;
using ActorIpam.Client.Json;
using ActorIpam.Domain;
using ActorIpam.Engine.Door;
using ActorIpam.Engine.Forwarding;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Runtime.Membership;

namespace ActorIpam.Server.Cluster;

/// <summary>The way to other members: one connection pool a member, HTTP/2, many requests on a few connections.</summary>
/// <param name="certificates">What is shown and believed; null on loopback.</param>
/// <param name="way">Where an address is found that leads nowhere by itself; null where all do.</param>
internal sealed class HttpPeers(ClusterCertificates? certificates, Func<DnsEndPoint, EndPoint>? way = null) : IPeers, IDisposable
{
    private const int ConnectionsPerPeer = 4;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1), Silence = TimeSpan.FromSeconds(5);

    /// <summary>Certificates are shown when a connection is made: one that was exchanged is in use everywhere after so long.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);

    public async Task<Answer<TAnswer>> AskAsync<TRequest, TAnswer>(
        MemberRow peer, ForwardedCall<TRequest, TAnswer> call, TRequest request, TimeSpan remaining, CancellationToken cancellation)
    {
        var shape = ForwardedShapes.Of(call);
        using var message = new HttpRequestMessage(HttpMethod.Post, ForwardedHeaders.Path + call.Name)
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request, shape.Request)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        message.Headers.Add(ForwardedHeaders.Remaining, ((int)Math.Ceiling(remaining.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture));
        message.Headers.Add(ForwardedHeaders.Protocol, MembershipOptions.ProtocolNumber.ToString(CultureInfo.InvariantCulture));
        var (code, body) = await SendAsync(peer, message, cancellation);
        return code == HttpStatusCode.OK ? Read(body, shape.Answer) : RefusalsOf(code, body);
    }

    /// <summary>How much another member has to do; null when it does not say.</summary>
    public async Task<Domain.Requests.MemberFigures?> FiguresAsync(MemberRow peer, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(ConnectTimeout);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, PeerFigures.Path);
            var (code, body) = await SendAsync(peer, message, patience.Token);
            return code == HttpStatusCode.OK ? Read(body, ApiJson.Default.MemberFigures) : null;
        }
        catch (Exception e) when (e is PeerSilentException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Connects to members that have come, so that no request waits for that, and lets go of those that are not there any more.</summary>
    public void Meet(ImmutableArray<MemberRow> rows, string me)
    {
        foreach (var come in rows.Where(row => row.Name != me && row.Address.Length > 0 && !_clients.ContainsKey(row.Address)))
        {
            _ = FiguresAsync(come, CancellationToken.None);
        }

        foreach (var gone in _clients.Keys.Except(rows.Select(static row => row.Address)).ToList())
        {
            // Not disposed of: a request may be under way. Its connections end when they have been idle.
            _clients.TryRemove(gone, out _);
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private async Task<(HttpStatusCode Code, byte[] Body)> SendAsync(MemberRow peer, HttpRequestMessage message, CancellationToken cancellation)
    {
        message.Version = HttpVersion.Version20;
        message.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        DistributedContextPropagator.Current.Inject(Activity.Current, message, static (carrier, name, value) => ((HttpRequestMessage)carrier!).Headers.TryAddWithoutValidation(name, value));
        try
        {
            var client = _clients.GetOrAdd(peer.Address, Connect);
            using var response = await client.SendAsync(message, cancellation);
            return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellation));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UriFormatException)
        {
            throw new PeerSilentException($"Member {peer.Name} at {peer.Address} does not answer: {e.Message}", e);
        }
    }

    private HttpClient Connect(string address)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            MaxConnectionsPerServer = ConnectionsPerPeer,
            PooledConnectionLifetime = ConnectionLifetime,
            KeepAlivePingDelay = Silence,
            KeepAlivePingTimeout = Silence,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,

            // The header is written here: the handler would put a span between that nobody exports.
            ActivityHeadersPropagator = null,
        };
        if (way is not null)
        {
            handler.ConnectCallback = (context, cancellation) => UnixSockets.ConnectAsync(way(context.DnsEndPoint), cancellation);
        }

        if (certificates is not null)
        {
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificates.Certificate;
            handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, wrong) =>
                (wrong & (SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateNotAvailable)) == 0
                && certificates.Believes(shown, ClusterCertificates.ServerUse);
        }

        return new(handler) { BaseAddress = new(address), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>A "no" of the other member as it said it; what is none, or is not understood, says nothing.</summary>
    private static ImmutableArray<Refusal> RefusalsOf(HttpStatusCode code, byte[] body)
    {
        var status = Read(body, ApiJson.Default.Status);
        switch ((int)code)
        {
            case 429:
                throw new TooBusyException(status.Message);
            case 503:
                throw new UnavailableException(status.Message);
            case 507:
                throw new UnavailableException(status.Message) { StorageIsFull = true };
        }

        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        foreach (var cause in status.Details?.Causes ?? [])
        {
            refusals.Add(Enum.TryParse<RefusalCode>(cause.Reason, out var known) && known.ToString() == cause.Reason
                ? new(known, cause.Message, cause.Field)
                : throw new PeerSilentException($"A member refused with {cause.Reason}, which is not known here."));
        }

        return refusals.Count > 0 ? refusals.ToImmutable() : throw new PeerSilentException($"A member answered {(int)code}: {status.Message}");
    }

    private static T Read<T>(byte[] body, JsonTypeInfo<T> shape)
    {
        try
        {
            return JsonSerializer.Deserialize(body, shape) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new PeerSilentException($"A member answered what is not understood here: {e.Message}", e);
        }
    }
}

/// <summary>Where a member tells others how much it has to do.</summary>
internal static class PeerFigures
{
    public const string Path = "/cluster/v1/figures";
}

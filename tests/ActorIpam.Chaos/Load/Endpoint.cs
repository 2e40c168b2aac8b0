using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace ActorIpam.Chaos.Load;

/// <summary>The way from clients to one member: its unix socket. All connections can be cut at once.</summary>
internal sealed class Endpoint : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly HttpClient _http;

    public Endpoint(string member, string path)
    {
        Member = member;
        _http = new(new SocketsHttpHandler
        {
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromSeconds(20),
            ConnectTimeout = TimeSpan.FromSeconds(1),
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                    _open[socket] = true;
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        })
        { BaseAddress = new("http://localhost/"), Timeout = Timeout.InfiniteTimeSpan };
    }

    public string Member { get; }

    /// <summary>One attempt.</summary>
    /// <returns>Status and body; code 0 when there is no answer.</returns>
    public async Task<(int Code, byte[] Body)> AskAsync(HttpMethod method, string path, byte[]? body, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            using var message = new HttpRequestMessage(method, path);
            message.Content = body is null ? null : new ByteArrayContent(body) { Headers = { ContentType = Json } };
            using var response = await _http.SendAsync(message, deadline.Token);
            return ((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(deadline.Token));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or ObjectDisposedException or SocketException)
        {
            return (0, []);
        }
    }

    /// <summary>Cuts every connection, in the middle of whatever it carries.</summary>
    /// <returns>How many there were.</returns>
    public int Cut()
    {
        var cut = 0;
        foreach (var socket in _open.Keys)
        {
            _open.TryRemove(socket, out _);
            cut += socket.Connected ? 1 : 0;
            socket.Dispose();
        }

        return cut;
    }

    public void Dispose()
    {
        _http.Dispose();
        Cut();
    }
}

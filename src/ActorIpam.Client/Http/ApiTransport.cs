using System.Net.Sockets;

namespace ActorIpam.Client.Http;

/// <summary>Sends calls: to the member that answered last – at the beginning the first – and to the next when one does not answer.</summary>
/// <remarks>A call that was sent and not answered is sent elsewhere only when it is repeatable; otherwise nobody knows whether it was done.</remarks>
internal sealed class ApiTransport : IDisposable
{
    private readonly ClientOptions _options;
    private readonly HttpClient[] _clients;
    private volatile int _lastGood;
    private readonly ClientTls[] _tls;

    public ApiTransport(ClientOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfZero(options.Servers.Length, nameof(options));
        if (options.PlainTokenServer is { } open)
        {
            throw new ArgumentException($"The token would travel to {open} for everybody to read.", nameof(options));
        }

        _options = options;
        _tls = [.. options.Servers.Select(_ => new ClientTls())];
        _clients = [.. options.Servers.Select((server, i) => Connect(server, _tls[i]))];
    }

    /// <exception cref="ApiException">A member said no.</exception>
    /// <exception cref="ServerUnreachableException">No member answered.</exception>
    public async Task<ApiAnswer> SendAsync(ApiCall call, CancellationToken cancellation)
    {
        var answer = await AskAsync(call, cancellation);
        return answer.Succeeded ? answer : throw new ApiException(FailedAnswer.StatusOf(answer));
    }

    /// <summary>Like <see cref="SendAsync"/>, but a "no" is an answer.</summary>
    public async Task<ApiAnswer> AskAsync(ApiCall call, CancellationToken cancellation)
    {
        var (first, again) = (_lastGood, false);
        for (var tried = 0; ; tried++)
        {
            var (i, last) = ((first + tried) % _clients.Length, tried == _clients.Length - 1);
            try
            {
                var answer = await SendToAsync(i, call, last || !call.Repeatable ? _options.RequestTimeout : _options.MoveOnTimeout, cancellation);
                if (answer.Code != 503)
                {
                    _lastGood = i;
                }

                if (answer.Code != 503 || last || !call.Repeatable)
                {
                    return answer;
                }
            }
            catch (HttpRequestException e) when (NeverSent(e))
            {
                if (last)
                {
                    throw new ServerUnreachableException($"No server answers at {Tried(first, tried)}: {Reason(e, (first + tried) % _clients.Length)}.", outcomeUnknown: false, e);
                }
            }
            catch (HttpRequestException) when (call.Repeatable && !again)
            {
                // A kept connection that the member closed in this very moment looks so: once more to the same one.
                again = true;
                tried--;
            }
            catch (Exception e) when (e is HttpRequestException or TimeoutException)
            {
                if (last || !call.Repeatable)
                {
                    throw new ServerUnreachableException(Silence(call, first, tried, e), outcomeUnknown: !call.Repeatable, e);
                }
            }
        }
    }

    /// <summary>Opens an answer that goes on for as long as the member has something to say; the caller disposes it.</summary>
    /// <exception cref="ApiException">A member said no.</exception>
    /// <exception cref="ServerUnreachableException">No member answered.</exception>
    public async Task<HttpResponseMessage> OpenAsync(ApiCall call, CancellationToken cancellation)
    {
        var first = _lastGood;
        for (var tried = 0; ; tried++)
        {
            var i = (first + tried) % _clients.Length;
            var server = _options.Servers[i];
            try
            {
                using var message = call.AsOf(_options.At).Message(server.Root, _options.Token);
                var response = await _clients[i].SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
                if (response.IsSuccessStatusCode)
                {
                    _lastGood = i;
                    return response;
                }

                using (response)
                {
                    if ((int)response.StatusCode == 503 && tried < _clients.Length - 1)
                    {
                        continue;
                    }

                    throw new ApiException(FailedAnswer.StatusOf(new(server, (int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellation))));
                }
            }
            catch (HttpRequestException e)
            {
                if (tried == _clients.Length - 1)
                {
                    throw new ServerUnreachableException($"No server answers at {Tried(first, tried)}: {Reason(e, (first + tried) % _clients.Length)}.", outcomeUnknown: false, e);
                }
            }
        }
    }

    public void Dispose() => Array.ForEach(_clients, c => c.Dispose());

    private HttpClient Connect(ServerAddress server, ClientTls tls)
    {
        var handler = new SocketsHttpHandler { ConnectTimeout = _options.ConnectTimeout, AllowAutoRedirect = false, UseCookies = false };
        tls.Apply(handler.SslOptions, _options, server.Root.DnsSafeHost);
        if (server.Socket is { } path)
        {
            handler.UseProxy = false;
            handler.ConnectCallback = (_, cancellation) => UnixSockets.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
        }

        return new(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = _options.MaxAnswerBytes };
    }

    private async Task<ApiAnswer> SendToAsync(int index, ApiCall call, TimeSpan within, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(within);
        var server = _options.Servers[index];
        try
        {
            using var message = call.AsOf(_options.At).Message(server.Root, _options.Token);
            using var response = await _clients[index].SendAsync(message, deadline.Token);
            return new(server, (int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(deadline.Token));
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {within.TotalSeconds:0.#} s", e);
        }
    }

    private static bool NeverSent(HttpRequestException e) => e.HttpRequestError
        is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    private string Silence(ApiCall call, int first, int tried, Exception e)
    {
        var sentence = $"The server at {(call.Repeatable ? Tried(first, tried) : _options.Servers[(first + tried) % _clients.Length].Text)} did not answer: {Reason(e, (first + tried) % _clients.Length)}.";
        return call.Repeatable ? sentence : sentence + " Nobody knows whether it was done; look before you repeat it.";
    }

    private string Tried(int first, int last) => string.Join(", ", Enumerable.Range(first, last + 1).Select(i => _options.Servers[i % _clients.Length]));

    private string Reason(Exception e, int index) =>
        e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } && _tls[index].Problem is { } problem ? problem : Reason(e);

    private static string Reason(Exception e)
    {
        var root = e is TimeoutException ? e : e.GetBaseException();
        var text = root is SocketException socket ? socket.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "connection refused",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "the name is not known",
            SocketError.AddressNotAvailable => "no such socket",
            _ => root.Message,
        }
        : root.Message;
        return text.TrimEnd('.');
    }
}

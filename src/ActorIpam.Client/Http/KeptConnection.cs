using System.Buffers.Text;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace ActorIpam.Client.Http;

/// <summary>One connection to one member for one call at a time, with no more of HTTP/1.1 than that needs: under load the member is measured, not its client.</summary>
/// <remarks>Nothing is repeated and nobody else is asked: after an exception the connection is of no use, and nobody knows whether the call was done. Not thread-safe.</remarks>
public sealed class KeptConnection : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly Stream _stream;
    private readonly byte[] _common;
    private readonly byte[] _out = new byte[BufferSize];
    private readonly byte[] _in = new byte[BufferSize];
    private readonly TimeSpan _patience;

    private KeptConnection(Stream stream, string host, string? token, TimeSpan patience)
    {
        var credentials = token is null ? "" : $"Authorization: Bearer {token}\r\n";
        _common = Encoding.ASCII.GetBytes($" HTTP/1.1\r\nHost: {host}\r\n{credentials}Content-Type: application/json\r\nContent-Length: ");
        (_stream, _patience) = (stream, patience);
    }

    /// <summary>Connects to one of the members of the options.</summary>
    /// <exception cref="ServerUnreachableException">It does not let us.</exception>
    public static async Task<KeptConnection> OpenAsync(ClientOptions options, ServerAddress server, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(options.ConnectTimeout);
        var socket = server.Socket is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await (server.Socket is { } path
                ? socket.ConnectAsync(new UnixDomainSocketEndPoint(path), patience.Token)
                : socket.ConnectAsync(server.Root.DnsSafeHost, server.Root.Port, patience.Token));
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (server.Root.Scheme == Uri.UriSchemeHttps)
            {
                var encrypted = new SslStream(stream);
                var how = new SslClientAuthenticationOptions { TargetHost = server.Root.DnsSafeHost };
                new ClientTls().Apply(how, options, server.Root.DnsSafeHost);
                await encrypted.AuthenticateAsClientAsync(how, patience.Token);
                stream = encrypted;
            }

            return new(stream, server.Root.Authority, options.Token, options.RequestTimeout);
        }
        catch (Exception e) when (e is SocketException or IOException or System.Security.Authentication.AuthenticationException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            socket.Dispose();
            throw new ServerUnreachableException($"No server answers at {server}: {e.Message.TrimEnd('.')}.", outcomeUnknown: false, e);
        }
    }

    /// <summary>Posts a JSON document.</summary>
    /// <param name="path">Path and query, beginning with a slash.</param>
    /// <param name="body">At most some tens of kilobytes.</param>
    /// <param name="cancellation">Ends the wait; the connection is of no use then.</param>
    /// <returns>The status code and the body, which is there until the next call.</returns>
    /// <exception cref="IOException">The connection broke, no answer came in time, or it is none this connection understands.</exception>
    public async ValueTask<(int Code, ReadOnlyMemory<byte> Body)> PostAsync(string path, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_patience);
        try
        {
            await _stream.WriteAsync(_out.AsMemory(0, Fill(path, body.Span)), patience.Token);
            var (received, head, code, length) = (0, -1, 0, 0);
            while (head < 0 || received < head + length)
            {
                var more = await _stream.ReadAsync(_in.AsMemory(received), patience.Token);
                if (more == 0)
                {
                    throw new IOException(received == _in.Length ? "The answer is longer than expected." : "The member closed the connection.");
                }

                received += more;
                if (head < 0 && _in.AsSpan(0, received).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
                {
                    head = end + 4;
                    (code, length) = ReadHead(_in.AsSpan(0, head));
                }
            }

            return (code, _in.AsMemory(head, length));
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException($"No answer came within {_patience.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s.", late);
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private int Fill(string path, ReadOnlySpan<byte> body)
    {
        var at = 0;
        Put("POST "u8, ref at);
        at += Encoding.ASCII.GetBytes(path, _out.AsSpan(at));
        Put(_common, ref at);
        Utf8Formatter.TryFormat(body.Length, _out.AsSpan(at), out var digits);
        at += digits;
        Put("\r\n\r\n"u8, ref at);
        Put(body, ref at);
        return at;
    }

    private void Put(ReadOnlySpan<byte> bytes, ref int at)
    {
        bytes.CopyTo(_out.AsSpan(at));
        at += bytes.Length;
    }

    /// <summary>Members tell the length of all they answer to a POST.</summary>
    private static (int Code, int Length) ReadHead(ReadOnlySpan<byte> head)
    {
        var length = head.IndexOf("\r\nContent-Length: "u8);
        return Utf8Parser.TryParse(head["HTTP/1.1 ".Length..], out int code, out _)
            && length >= 0 && Utf8Parser.TryParse(head[(length + "\r\nContent-Length: ".Length)..], out int bytes, out _)
            ? (code, bytes)
            : throw new IOException("The answer has no length: is this a member?");
    }
}

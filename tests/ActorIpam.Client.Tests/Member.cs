using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorIpam.Client.Tests;

/// <summary>A server of a few lines: answers every request by a function, and remembers what it was asked.</summary>
internal sealed class Member : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Func<string, (int Code, string Body)?> _answer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public Member(Func<string, (int Code, string Body)?> answer, EndPoint? at = null)
    {
        _answer = answer;
        at ??= new IPEndPoint(IPAddress.Loopback, 0);
        _socket = new(at.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        _socket.Bind(at);
        _socket.Listen();
        _running = RunAsync();
    }

    public string Url => _socket.LocalEndPoint is IPEndPoint ip ? $"http://127.0.0.1:{ip.Port}" : $"unix:{_socket.LocalEndPoint}";

    /// <summary>Request line, headers and body of each request.</summary>
    public List<string> Asked { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var connection = await _socket.AcceptAsync(_stop.Token);
                var request = await ReadAsync(connection);
                Asked.Add(request);
                if (_answer(request) is var (code, body))
                {
                    await connection.SendAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 {code} X\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"), _stop.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task<string> ReadAsync(Socket connection)
    {
        var text = new StringBuilder();
        var buffer = new byte[8192];
        while (true)
        {
            var read = await connection.ReceiveAsync(buffer, _stop.Token);
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            var parts = text.ToString().Split("\r\n\r\n", 2);
            var length = parts[0].Split("Content-Length: ") is [_, var rest] ? int.Parse(rest.Split("\r\n")[0], System.Globalization.CultureInfo.InvariantCulture) : 0;
            if (read == 0 || (parts.Length == 2 && Encoding.UTF8.GetByteCount(parts[1]) >= length))
            {
                return text.ToString();
            }
        }
    }
}

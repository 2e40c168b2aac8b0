using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ActorIpam.EndToEnd;

/// <summary>A request whose body comes later than its head.</summary>
internal sealed class SlowPost : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly string _rest;

    private SlowPost(TcpClient client, string rest)
    {
        _client = client;
        _stream = client.GetStream();
        _rest = rest;
    }

    /// <summary>Sends the head and waits for "100 Continue": then the handler is reading.</summary>
    public static async Task<SlowPost> BeginAsync(Uri url, string path, string body)
    {
        var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port);
        var post = new SlowPost(client, body);
        var length = Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture);
        await post.SendAsync($"POST {path} HTTP/1.1\r\nHost: {url.Authority}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n");
        var interim = await post.LineAsync();
        return interim.StartsWith("HTTP/1.1 100 ", StringComparison.Ordinal) ? post : throw new InvalidOperationException(interim);
    }

    /// <summary>Sends the body and answers the status line.</summary>
    public async Task<string> FinishAsync()
    {
        await LineAsync();
        await SendAsync(_rest);
        return await LineAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _client.Dispose();
    }

    private async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.UTF8.GetBytes(text));

    private async Task<string> LineAsync()
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await _stream.ReadAsync(one) == 1 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }

        return line.ToString();
    }
}

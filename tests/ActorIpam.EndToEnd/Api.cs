using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ActorIpam.Client.Http;

namespace ActorIpam.EndToEnd;

/// <summary>Speaks plain HTTP with a member: what stands on the wire is what is tested.</summary>
internal sealed class Api : IDisposable
{
    private readonly HttpClient _http;

    public Api(Uri url)
        : this(new SocketsHttpHandler(), url)
    {
    }

    /// <param name="handler">How it connects.</param>
    /// <param name="url">Where the member answers.</param>
    /// <param name="token">Presented with every request; null for none.</param>
    public Api(SocketsHttpHandler handler, Uri url, string? token = null)
    {
        _http = new(handler) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }
    }

    public static Api OverSocket(string path) => new(
        new()
        {
            ConnectCallback = (_, cancellation) => UnixSockets.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation),
        },
        new("http://localhost/"));

    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Reply> PostAsync(string path, string body, string type = "application/json") => SendAsync(HttpMethod.Post, path, body, type);

    public Task<Reply> DeleteAsync(string path, string? body = null) => SendAsync(HttpMethod.Delete, path, body);

    public async Task<Reply> SendAsync(HttpMethod method, string path, string? body = null, string? type = "application/json", string? idempotencyKey = null)
    {
        using var message = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (type is not null)
            {
                message.Content.Headers.ContentType = new(type);
            }
        }

        if (idempotencyKey is not null)
        {
            message.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        using var answer = await _http.SendAsync(message);
        var text = await answer.Content.ReadAsStringAsync();
        return new((int)answer.StatusCode, text, answer.Headers.RetryAfter?.Delta) { Challenge = answer.Headers.WwwAuthenticate.ToString() };
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>What a member answered.</summary>
internal sealed record Reply(int Code, string Text, TimeSpan? RetryAfter)
{
    /// <summary>The header WWW-Authenticate; empty when there is none.</summary>
    public string Challenge { get; init; } = "";

    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>The reason of the first cause of a Status.</summary>
    public string? Cause => (string?)Json["details"]?["causes"]?[0]?["reason"];

    /// <summary>The fields of all causes of a Status.</summary>
    public IEnumerable<string?> Fields => Json["details"]!["causes"]!.AsArray().Select(cause => (string?)cause!["field"]);

    public IEnumerable<string> Addresses(string family) => Json[family]!.AsArray().Select(a => (string)a!["address"]!);

    /// <summary>This answer, when it has the code; a failed test otherwise that shows all of it.</summary>
    public Reply Expect(int code) => Code == code ? this : throw new InvalidOperationException($"{Code} instead of {code}: {Text}");
}

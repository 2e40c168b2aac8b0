using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace ActorIpam.Cli.Tests;

/// <summary>A member that keeps resources in a dictionary and answers everything else with what the test says.</summary>
internal sealed class FakeMember : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly SortedDictionary<string, JsonObject> _resources = new(StringComparer.Ordinal);
    private readonly Task _running;
    private int _version = 40;

    public FakeMember()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        }

        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _running = RunAsync();
    }

    public string Url { get; }

    /// <summary>Method, path and body of each request.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Answers outside the resources by method and path with query.</summary>
    public Dictionary<string, (int Code, string Body)> Answers { get; } = [];

    public FakeMember With(string resource)
    {
        var stored = (JsonObject)JsonNode.Parse(resource)!;
        stored["metadata"]!["resourceVersion"] = (++_version).ToString(System.Globalization.CultureInfo.InvariantCulture);
        stored["metadata"]!["uid"] = "11111111-2222-3333-4444-555555555555";
        stored["metadata"]!["creationTimestamp"] = "2026-08-04T14:02:00Z";
        _resources[$"{((string)stored["kind"]!).ToLowerInvariant()}s/{stored["metadata"]!["name"]}"] = stored;
        return this;
    }

    public FakeMember WithPool(string name, string cidr) =>
        With($$$"""{"apiVersion":"projectcalico.org/v3","kind":"IPPool","metadata":{"name":"{{{name}}}"},"spec":{"cidr":"{{{cidr}}}","blockSize":26,"ipipMode":"Always","natOutgoing":true,"nodeSelector":"all()"}}""");

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _running;
        _listener.Close();
    }

    private async Task RunAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream);
            var body = await reader.ReadToEndAsync();
            var call = $"{context.Request.HttpMethod} {context.Request.RawUrl}";
            Asked.Add($"{call} {body}".TrimEnd());
            var (code, answer) = Answers.TryGetValue(call, out var said) ? said : Resource(context.Request.HttpMethod, context.Request.Url!.AbsolutePath, body);
            context.Response.StatusCode = code;
            var utf8 = Encoding.UTF8.GetBytes(answer);
            context.Response.ContentLength64 = utf8.Length;
            await context.Response.OutputStream.WriteAsync(utf8);
            context.Response.Close();
        }
    }

    private (int Code, string Body) Resource(string method, string path, string body)
    {
        if (!path.StartsWith("/apis/", StringComparison.Ordinal))
        {
            return (404, Status(404, "NotFound", $"There is nothing at {path}."));
        }

        var key = path["/apis/projectcalico.org/v3/".Length..];
        key = method == "POST" ? $"{key}/{JsonNode.Parse(body)!["metadata"]!["name"]}" : key;
        var stored = _resources.GetValueOrDefault(key);
        switch (method)
        {
            case "GET" when !key.Contains('/', StringComparison.Ordinal):
                var items = _resources.Where(r => r.Key.StartsWith(key + "/", StringComparison.Ordinal)).Select(r => r.Value.ToJsonString());
                return (200, $$$"""{"metadata":{"resourceVersion":"{{{_version}}}"},"items":[{{{string.Join(',', items)}}}]}""");
            case "GET" or "PUT" or "DELETE" when stored is null:
                return (404, Status(404, "NotFound", $"{key} does not exist."));
            case "POST" when stored is not null:
                return (409, Status(409, "AlreadyExists", $"{key} exists."));
            case "PUT" when JsonNode.Parse(body)!["metadata"]!["resourceVersion"] is { } wanted && (string)wanted! != (string)stored!["metadata"]!["resourceVersion"]!:
                return (409, Status(409, "Conflict", $"{key} has changed."));
            case "PUT" when (string)JsonNode.Parse(body)!["spec"]!["cidr"]! != (string)stored!["spec"]!["cidr"]!:
                return (422, Status(422, "CidrImmutable", "spec.cidr cannot change.", "spec.cidr"));
            case "POST" or "PUT":
                With(body);
                return (200, body);
            case "DELETE":
                _resources.Remove(key);
                return (200, """{"kind":"Status","status":"Success"}""");
            default:
                return (200, stored!.ToJsonString());
        }
    }

    public static string Status(int code, string reason, string message, string? field = null) =>
        $$$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"{{{message}}}","reason":"{{{reason}}}","code":{{{code}}},"details":{"causes":[{"reason":"{{{reason}}}","message":"{{{message}}}"{{{(field is null ? "" : $",\"field\":\"{field}\"")}}}}]}}""";
}

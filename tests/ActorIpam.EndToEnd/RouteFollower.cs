using System.Text.Json.Nodes;

namespace ActorIpam.EndToEnd;

/// <summary>Follows the routes of a node, line by line, and keeps what they add up to.</summary>
internal sealed class RouteFollower : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly StreamReader _lines;

    private RouteFollower(HttpClient http, StreamReader lines) => (_http, _lines) = (http, lines);

    /// <summary>The routes as of the last line read, as <c>kind via device</c> by destination.</summary>
    public SortedDictionary<string, string> Routes { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Warnings { get; private set; } = [];

    public string LastType { get; private set; } = "";

    public static async Task<RouteFollower> StartAsync(Uri url, string node)
    {
        var http = new HttpClient { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };
        return new(http, new(await http.GetStreamAsync($"/ipam/v1/routes/{node}?watch=true")));
    }

    /// <summary>Reads on until what it knows is as wanted.</summary>
    public async Task UntilAsync(Func<RouteFollower, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!wanted(this))
        {
            var line = await _lines.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException($"The stream ended after: {string.Join("; ", Routes)}.");
            Take(JsonNode.Parse(line)!);
        }
    }

    /// <summary>True at the end of the stream.</summary>
    public async Task<bool> IsEndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _lines.ReadLineAsync(patience.Token) is null;
    }

    public static string Text(JsonNode route) => $"{route["kind"]} {route["via"]?.ToString() ?? "-"} {route["device"]?.ToString() ?? "-"}";

    public void Dispose()
    {
        _lines.Dispose();
        _http.Dispose();
    }

    private void Take(JsonNode line)
    {
        LastType = (string)line["type"]!;
        switch (LastType)
        {
            case "ADDED" or "MODIFIED":
                Routes[(string)line["route"]!["destination"]!] = Text(line["route"]!);
                break;
            case "DELETED":
                Routes.Remove((string)line["route"]!["destination"]!);
                break;
            case "WARNINGS":
                Warnings = [.. line["warnings"]!.AsArray().Select(warning => (string)warning!)];
                break;
        }
    }
}

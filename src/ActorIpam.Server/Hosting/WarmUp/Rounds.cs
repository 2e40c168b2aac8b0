using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Server.Hosting.WarmUp;

/// <summary>What clients ask most, asked of a <see cref="SmallCluster"/>: addresses where there is room and where there is none, the same again, releases by generation and for good.</summary>
internal sealed class Rounds(HttpClient http)
{
    /// <summary>Hosts of which both members have some.</summary>
    private const int Hosts = 8;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private static readonly ImmutableArray<string> Wide = ["wide"], Narrow = ["narrow"];

    /// <exception cref="HttpRequestException">The API did not answer.</exception>
    /// <exception cref="JsonException">The API answered something else.</exception>
    public async Task PlayAsync(CancellationToken end)
    {
        await DefineAsync("ippools", """{"apiVersion":"projectcalico.org/v3","kind":"IPPool","metadata":{"name":"wide"},"spec":{"cidr":"10.0.0.0/22","blockSize":27}}""", end);
        await DefineAsync("ippools", """{"apiVersion":"projectcalico.org/v3","kind":"IPPool","metadata":{"name":"narrow"},"spec":{"cidr":"10.1.0.0/29","blockSize":30}}""", end);
        for (var host = 0; host < Hosts; host++)
        {
            await DefineAsync("nodes", $$$"""{"apiVersion":"projectcalico.org/v3","kind":"Node","metadata":{"name":"{{{Host(host)}}}"},"spec":{}}""", end);
        }

        // One by one compiles what is called; all at once also what is called when something is busy.
        await PlayAsync(0, Wide, end);
        await Task.WhenAll(Enumerable.Range(1, 2 * Hosts).Select(number => PlayAsync(number, number % 2 == 0 ? Wide : Narrow, end)));
    }

    private async Task PlayAsync(int number, ImmutableArray<string> pools, CancellationToken end)
    {
        var handle = string.Create(CultureInfo.InvariantCulture, $"net/{pools[0]}-{number}");
        var request = new AssignRequest { Host = Host(number % Hosts), Handle = handle, Ipv4 = 2, Ipv4Pools = pools, RequestId = handle };
        var granted = await AskAsync("assign", request, ApiJson.Default.AssignRequest, ApiJson.Default.AssignReply, end);
        await AskAsync("assign", request, ApiJson.Default.AssignRequest, ApiJson.Default.AssignReply, end);
        var release = new ReleaseRequest { RequestId = handle + "-gone", Addresses = [.. granted.Ipv4.Take(1).Select(address => new ReleaseEntry(address.Address, handle, address.Generation))] };
        if (!release.Addresses.IsEmpty)
        {
            await AskAsync("release", release, ApiJson.Default.ReleaseRequest, ApiJson.Default.ReleaseAnswer, end);
        }

        await AskAsync("release-handle", new ReleaseHandleRequest { Handle = handle, Host = request.Host, Final = true, IssuedAt = DateTimeOffset.UtcNow }, ApiJson.Default.ReleaseHandleRequest, ApiJson.Default.ReleaseHandleAnswer, end);
    }

    private async Task DefineAsync(string kind, string body, CancellationToken end)
    {
        using var content = new StringContent(body, Json);
        using var answer = await http.PostAsync("apis/projectcalico.org/v3/" + kind, content, end);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<TAnswer> AskAsync<TRequest, TAnswer>(string call, TRequest request, JsonTypeInfo<TRequest> shape, JsonTypeInfo<TAnswer> answerShape, CancellationToken end)
    {
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request, shape)) { Headers = { ContentType = Json } };
        using var answer = await http.PostAsync("ipam/v1/" + call, content, end);
        answer.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(end), answerShape) ?? throw new JsonException("null");
    }

    private static string Host(int number) => string.Create(CultureInfo.InvariantCulture, $"host-{number}");
}

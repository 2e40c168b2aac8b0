using System.Text.Json;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Client.Http;

/// <summary>The calls that explain what was decided, rehearse what would be, and check what is stored.</summary>
public sealed class ExplainCalls
{
    private readonly ApiTransport _transport;

    internal ExplainCalls(ApiTransport transport) => _transport = transport;

    /// <summary>Why: about exactly one of a request, a handle and an address.</summary>
    public async Task<ExplainAnswer> ExplainAsync(ExplainQuery query, CancellationToken cancellation = default)
    {
        var path = "ipam/v1/explain" + UrlQuery.Of(("request", query.Request), ("handle", query.Handle), ("ip", query.Ip));
        return Posting.ReadDefaulted(await _transport.SendAsync(ApiCall.Get(path), cancellation), ExplainJson.Default.ExplainAnswer);
    }

    /// <summary>What applying and deleting these, in this order, would do.</summary>
    public async Task<ImpactReport> ImpactAsync(IEnumerable<Resource> apply, IEnumerable<(ResourceKind Kind, string Name)> delete, CancellationToken cancellation = default)
    {
        var deleted = delete.Select(static one => $$"""{"kind":"{{ResourceKinds.Of(one.Kind).Name}}","name":{{JsonSerializer.Serialize(one.Name, ApiJson.Default.String)}}}""");
        var body = $$"""{"apply":[{{string.Join(',', apply.Select(ResourceJson.Write))}}],"delete":[{{string.Join(',', deleted)}}]}""";
        var answer = await _transport.SendAsync(new(HttpMethod.Post, "ipam/v1/impact") { Body = body, Repeatable = true }, cancellation);
        return Posting.ReadDefaulted(answer, ExplainJson.Default.ImpactReport);
    }

    /// <summary>Replays the journal beside the views and tells where they disagree; it takes as long as it takes.</summary>
    /// <param name="tell">Called now and then with how far it is.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<CheckReport> CheckAsync(Action<CheckProgress> tell, CancellationToken cancellation = default) =>
        (await LastLineAsync(ApiCall.Get("ipam/v1/check?progress=true"), tell, cancellation)).Report ?? throw Cut();

    /// <summary>Rebuilds damaged views from the journal.</summary>
    /// <inheritdoc cref="CheckAsync"/>
    public async Task<RepairReport> RepairAsync(Action<CheckProgress> tell, CancellationToken cancellation = default) =>
        (await LastLineAsync(new(HttpMethod.Post, "ipam/v1/check/repair") { Body = "{}" }, tell, cancellation)).Repair ?? throw Cut();

    private async Task<CheckLine> LastLineAsync(ApiCall call, Action<CheckProgress> tell, CancellationToken cancellation)
    {
        using var response = await _transport.OpenAsync(call, cancellation);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        var last = new CheckLine();
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            last = line.Length == 0 ? last : Defaulted.Read(JsonDocument.Parse(line).RootElement, ExplainJson.Default.CheckLine);
            if (last.Status is { } failed)
            {
                throw new ApiException(RefusalStatus.Of(503, failed));
            }

            if (last.Progress is { } progress)
            {
                tell(progress);
            }
        }

        return last;
    }

    private static ApiException Cut() => new(RefusalStatus.Of(502, "The member stopped before the check was done; ask again."));
}

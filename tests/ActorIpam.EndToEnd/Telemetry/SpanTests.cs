using System.Text;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd.Telemetry;

/// <summary>Spans reach a collector, one under the other.</summary>
public sealed class SpanTests
{
    [Fact]
    public async Task A_request_its_turn_and_its_commit_stand_under_the_span_of_the_caller()
    {
        await using var receiver = new SpanReceiver();
        await using var serving = new Serving();
        await serving.StartAsync("--otlp-endpoint", receiver.Url);
        (await serving.Api.PostAsync(Nodes, Node("rack-1"))).Expect(201);
        (await serving.Api.PostAsync(Pools, Pool("blue", "10.1.0.0/24"))).Expect(201);
        (await serving.Api.GetAsync("/readyz")).Expect(200);
        const string trace = "0af7651916cd43dd8448eb211c80319c", caller = "b7ad6b7169203331";
        using (var http = new HttpClient { BaseAddress = serving.Member.Url })
        using (var message = new HttpRequestMessage(HttpMethod.Post, "/ipam/v1/assign"))
        {
            message.Content = new StringContent(Assign("rack-1", "web"), Encoding.UTF8, "application/json");
            message.Headers.Add("traceparent", $"00-{trace}-{caller}-01");
            using var answer = await http.SendAsync(message, TestContext.Current.CancellationToken);
            answer.EnsureSuccessStatusCode();
        }

        // What has not been sent yet is sent when the member stops.
        (await serving.Member.StopAsync()).ShouldBe(0);

        var ours = receiver.Spans.Where(span => span.Trace == trace).ToList();
        var request = ours.Single(span => span.Name == "POST /ipam/v1/assign");
        var turn = ours.Single(span => span.Name == "turn");
        request.Parent.ShouldBe(caller);
        turn.Parent.ShouldBe(request.Id);
        ours.Single(span => span.Name == "commit").Parent.ShouldBe(turn.Id);
        receiver.Spans.ShouldNotContain(span => span.Name.Contains("readyz", StringComparison.Ordinal));
    }
}

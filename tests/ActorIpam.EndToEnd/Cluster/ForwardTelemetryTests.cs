using System.Text;
using ActorIpam.EndToEnd.Telemetry;
using ActorIpam.Runtime.Placement;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd.Cluster;

/// <summary>What is seen of requests that one member sends on to another.</summary>
[Collection(nameof(Clusters))]
public sealed class ForwardTelemetryTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c", Caller = "b7ad6b7169203331";

    [Fact]
    public async Task One_trace_leads_from_the_door_through_the_forward_to_the_commit_of_the_owner_and_both_count_it()
    {
        await using var receiver = new SpanReceiver();
        await using (var cluster = new LocalCluster { Collector = receiver.Url })
        {
            await cluster.InitializeAsync();
            using var first = cluster.Api("m1");
            using var second = cluster.Api("m2");
            var host = Enumerable.Range(0, 100).Select(at => $"traced-{at}").First(host => Rendezvous.OwnerOf($"host:{host}", cluster.Names) == "m2");
            (await first.PostAsync(Nodes, Node(host))).Expect(201);
            (await first.PostAsync(Pools, Pool("traced", "10.30.0.0/24", 28))).Expect(201);

            // The owner has done it before: a member that does something for the first time on a busy machine may be silent for too long.
            for (var round = 0; round < 5; round++)
            {
                (await second.PostAsync("/ipam/v1/assign", Assign(host, $"warm-{round}"))).Expect(200);
            }

            await AssignTracedAsync(cluster, host);

            var (sent, served) = (await Exposition.OfAsync(first), await Exposition.OfAsync(second));
            sent.Value("ipam_forwards_total{outcome=\"answered\"}").ShouldBe(1);
            sent.Value("ipam_forward_duration_seconds_count{call=\"assign\"}").ShouldBe(1);
            served.Value("ipam_forwards_served_total{outcome=\"answered\"}").ShouldBe(1);
            served.Value("ipam_assignments_total{family=\"ipv4\",how=\"claimed\"}").ShouldBe(1);
            sent.Value("ipam_members{state=\"alive\"}").ShouldBe(3);
            sent.Value("ipam_member_suspected{member=\"m2\"}").ShouldBe(0);
            sent.Value("ipam_member_row_age_seconds{member=\"m3\"}").ShouldNotBeNull().ShouldBeLessThan(5);
            sent.Value("ipam_member_table_up").ShouldBe(1);
        }

        // What had not been sent yet was sent when the members stopped.
        var ours = receiver.Spans.Where(span => span.Trace == Trace).ToList();
        var request = ours.Single(span => span.Name == "POST /ipam/v1/assign");
        var forward = ours.Single(span => span.Name == "forward");
        request.Parent.ShouldBe(Caller);
        forward.Parent.ShouldBe(request.Id);
        var arrived = ours.Single(span => span.Name == "POST /cluster/v1/forward/assign");
        var turn = ours.Single(span => span.Name == "turn");
        arrived.Parent.ShouldBe(forward.Id);
        turn.Parent.ShouldBe(arrived.Id);
        ours.Single(span => span.Name == "commit").Parent.ShouldBe(turn.Id);
    }

    private static async Task AssignTracedAsync(LocalCluster cluster, string host)
    {
        using var http = new HttpClient { BaseAddress = cluster.Url("m1") };
        using var message = new HttpRequestMessage(HttpMethod.Post, "/ipam/v1/assign");
        message.Content = new StringContent(Assign(host, "web"), Encoding.UTF8, "application/json");
        message.Headers.Add("traceparent", $"00-{Trace}-{Caller}-01");
        using var answer = await http.SendAsync(message, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}

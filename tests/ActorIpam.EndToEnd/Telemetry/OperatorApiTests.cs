using System.Net.Sockets;
using System.Text;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd.Telemetry;

/// <summary>Actors, streams and probes as operators see them (api.md §3, Cluster).</summary>
public sealed class OperatorApiTests
{
    [Fact]
    public async Task Actors_are_listed_by_kind_and_shown_with_their_fold_and_events()
    {
        await using var serving = new Serving();
        var block = await PrepareAsync(serving);

        var blocks = (await serving.Api.GetAsync("/cluster/v1/actors?kind=block")).Expect(200).Json["items"]!.AsArray();
        blocks.Select(one => (string)one!["stream"]!).ShouldBe([block]);
        ((long)blocks[0]!["version"]!, (string)blocks[0]!["state"]!).ShouldBe((1L, "idle"));

        var detail = (await serving.Api.GetAsync("/cluster/v1/actors/" + block)).Expect(200).Json;
        ((string)detail["fold"]!["owner"]!, (string)detail["fold"]!["assigned"]!, (long)detail["head"]!).ShouldBe(("host:rack-1", "2", 1L));
        ((string)detail["events"]![0]!["events"]![0]!["type"]!).ShouldBe("BlockOpened");
        (await serving.Api.GetAsync("/cluster/v1/actors/" + Uri.EscapeDataString(block))).Expect(200).Json["head"]!.GetValue<long>().ShouldBe(1);

        var page = (await serving.Api.GetAsync("/cluster/v1/actors?limit=1")).Expect(200).Json;
        (await serving.Api.GetAsync($"/cluster/v1/actors?limit=10&continue={Uri.EscapeDataString((string)page["continue"]!)}")).Expect(200).Json["items"]!.AsArray().Count.ShouldBe(2);
        (await serving.Api.GetAsync("/cluster/v1/actors?kind=shard")).Expect(422).Cause.ShouldBe("Enum");
        (await serving.Api.GetAsync("/cluster/v1/actors/block/10.99.0.0%2F26")).Expect(404).Cause.ShouldBe("NotFound");
        (await serving.Api.GetAsync("/cluster/v1/actors?size=3")).Expect(400).Cause.ShouldBe("UnknownField");
    }

    [Fact]
    public async Task A_stream_is_read_from_a_version_page_by_page()
    {
        await using var serving = new Serving();
        await PrepareAsync(serving);

        var first = (await serving.Api.GetAsync("/cluster/v1/journal/catalog?limit=1")).Expect(200).Json;
        var rest = (await serving.Api.GetAsync($"/cluster/v1/journal/catalog?from={(string)first["continue"]!}")).Expect(200).Json;

        ((long)first["items"]![0]!["version"]!, (long)rest["items"]![0]!["version"]!, rest["continue"]).ShouldBe((1L, 2L, null));
        (await serving.Api.GetAsync("/cluster/v1/journal/catalog?from=0")).Expect(422).Cause.ShouldBe("OutOfRange");
        (await serving.Api.GetAsync("/cluster/v1/journal/nothing")).Expect(404);
    }

    [Fact]
    public async Task A_follower_of_all_streams_misses_nothing()
    {
        await using var serving = new Serving();
        await PrepareAsync(serving);
        var token = (string)(await serving.Api.GetAsync("/cluster/v1/journal")).Expect(200).Json["continue"]!;
        var writing = Task.WhenAll(Enumerable.Range(0, 40).Select(i => serving.Api.PostAsync("/ipam/v1/assign", Assign($"rack-{1 + (i % 2)}", $"web-{i}", ipv4: 3))));
        var seen = new Dictionary<string, List<long>>();
        var assigned = 0;

        for (var calls = 0; calls < 60 && assigned < 120; calls++)
        {
            var page = (await serving.Api.GetAsync($"/cluster/v1/journal?after={token}&wait=5&limit=7")).Expect(200).Json;
            token = (string)page["continue"]!;
            foreach (var row in page["items"]!.AsArray())
            {
                var stream = (string)row!["stream"]!;
                (seen.TryGetValue(stream, out var versions) ? versions : seen[stream] = []).Add((long)row["version"]!);
                assigned += row["events"]!.AsArray().Count(fact => (string)fact!["type"]! == "AddressAssigned");
            }
        }

        foreach (var reply in await writing)
        {
            reply.Expect(200);
        }

        assigned.ShouldBe(120);
        foreach (var (stream, versions) in seen)
        {
            versions.ShouldBe(Enumerable.Range((int)versions[0], versions.Count).Select(version => (long)version), stream);
        }

        (await serving.Api.GetAsync("/cluster/v1/journal?after=other.3")).Expect(410);
    }

    [Fact]
    public async Task A_member_that_drains_is_not_ready()
    {
        await using var serving = new Serving();
        await serving.StartAsync("--log-level", "information");
        await using var slow = await SlowPost.BeginAsync(serving.Member.Url, "/ipam/v1/assign", Assign("rack-1", "web"));
        using var client = new TcpClient();
        await client.ConnectAsync(serving.Member.Url.Host, serving.Member.Url.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();

        // Its head has begun to come in when the member begins to drain, and ends after that.
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /readyz HTTP/1.1\r\nHost: {serving.Member.Url.Authority}\r\n"), TestContext.Current.CancellationToken);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        await serving.Member.AskToStopAsync();
        for (var looks = 0; looks < 300 && !serving.Member.Errors.Contains("[102]", StringComparison.Ordinal); looks++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        await stream.WriteAsync("\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var answer = new StreamReader(stream, Encoding.ASCII);
        (await answer.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("HTTP/1.1 503 Service Unavailable");
        await slow.FinishAsync();
        (await serving.Member.ExitAsync()).ShouldBe(0);
    }

    /// <returns>The stream of the one block.</returns>
    private static async Task<string> PrepareAsync(Serving serving)
    {
        await serving.StartAsync();
        (await serving.Api.PostAsync(Nodes, Node("rack-1"))).Expect(201);
        (await serving.Api.PostAsync(Nodes, Node("rack-2"))).Expect(201);
        (await serving.Api.PostAsync(Pools, Pool("blue", "10.1.0.0/24"))).Expect(201);
        var granted = (await serving.Api.PostAsync("/ipam/v1/assign", Assign("rack-1", "web", ipv4: 2))).Expect(200).Json;
        return "block/" + (string)granted["ipv4"]![0]!["block"]!;
    }
}

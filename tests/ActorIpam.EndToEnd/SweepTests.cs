using System.Text.Json.Nodes;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd;

/// <summary>What a member does that nobody asks for, and what container runtimes ask for.</summary>
public sealed class SweepTests : IAsyncDisposable
{
    private static readonly string[] Often = ["--sweep-period", "0.2"];

    private readonly Serving _serving = new();

    public ValueTask DisposeAsync() => _serving.DisposeAsync();

    [Fact]
    public async Task A_cooldown_ends_by_itself()
    {
        await _serving.StartAsync(Often);
        (await _serving.Api.PostAsync(Pools, Pool("blue", "10.1.0.0/27", 29))).Expect(201);
        (await _serving.Api.PostAsync(Nodes, Node("host-a"))).Expect(201);
        (await _serving.Api.PostAsync(Configurations, Cooldown(1))).Expect(201);
        (await _serving.Api.PostAsync("/ipam/v1/assign", Assign("host-a", "web"))).Expect(200);
        (await _serving.Api.PostAsync("/ipam/v1/release-handle", """{"handle": "web"}""")).Expect(200);

        Sum(await BlocksAsync(), "cooling").ShouldBe(1);
        var blocks = await UntilAsync(static blocks => Sum(blocks, "cooling") == 0);

        Sum(blocks, "free").ShouldBe(8);
    }

    [Fact]
    public async Task The_blocks_of_a_deleted_node_go_even_when_the_member_dies_between()
    {
        await _serving.StartAsync();
        (await _serving.Api.PostAsync(Pools, Pool("blue", "10.1.0.0/23", 29))).Expect(201);
        (await _serving.Api.PostAsync(Nodes, Node("host-a"))).Expect(201);
        (await _serving.Api.PostAsync("/ipam/v1/assign", Assign("host-a", "web", ipv4: 9))).Expect(200);
        (await _serving.Api.PostAsync("/ipam/v1/affinities/claim", """{"host": "never-a-node", "cidr": "10.1.1.0/28"}""")).Expect(200);

        await _serving.Member.StopAsync();
        await _serving.Member.DisposeAsync();
        await _serving.StartToCrashAsync("NodeRemoved:1");
        await Should.ThrowAsync<HttpRequestException>(() => _serving.Api.DeleteAsync($"{Nodes}/host-a"));
        (await _serving.Member.ExitAsync()).ShouldBe(137);
        await _serving.RestartAsync(Often);

        var blocks = await UntilAsync(static blocks => blocks.All(block => (string?)block!["host"] != "host-a"));

        blocks.Count(block => (string)block!["state"]! == "orphan").ShouldBe(2);
        blocks.Count(block => (string?)block!["host"] == "never-a-node").ShouldBe(2, "a host that never had a node is not gone");
        (await _serving.Api.GetAsync("/ipam/v1/addresses")).Expect(200).Json["items"]!.AsArray().Count.ShouldBe(9);
    }

    [Fact]
    public async Task An_idle_empty_block_goes_back_and_one_stays()
    {
        await _serving.StartAsync([.. Often, "--idle-grace", "0.5"]);
        (await _serving.Api.PostAsync(Pools, Pool("blue", "10.1.0.0/27", 29))).Expect(201);
        (await _serving.Api.PostAsync("/ipam/v1/affinities/claim", """{"host": "host-a", "cidr": "10.1.0.0/27"}""")).Expect(200);

        await UntilAsync(static blocks => blocks.Count == 1);
    }

    [Fact]
    public async Task What_a_runtime_does_not_list_any_more_is_released_finally()
    {
        await _serving.StartAsync();
        (await _serving.Api.PostAsync(Pools, Pool("blue", "10.1.0.0/26", 28))).Expect(201);
        (await _serving.Api.PostAsync(Nodes, Node("host-a"))).Expect(201);
        (await _serving.Api.PostAsync(Nodes, Node("host-b"))).Expect(201);
        foreach (var (host, handle, issued) in ((string, string, string)[])
            [("host-a", "net/c1/eth0", "01"), ("host-a", "net/c2/eth0", "02"), ("host-a", "net/late/eth0", "09"), ("host-a", "other/c1/eth0", "01"), ("host-b", "net/c3/eth0", "01"), ("host-a", "plain", "01")])
        {
            (await _serving.Api.PostAsync("/ipam/v1/assign", AssignIssued(host, handle, $"2030-01-01T00:00:{issued}Z"))).Expect(200);
        }

        const string gc = """{"host": "host-a", "network": "net", "keep": ["net/c2/eth0"], "issuedAt": "2030-01-01T00:00:05Z"}""";
        var released = (await _serving.Api.PostAsync("/ipam/v1/gc", gc)).Expect(200).Json["released"]!.AsArray();
        var again = (await _serving.Api.PostAsync("/ipam/v1/gc", gc)).Expect(200).Json["released"]!.AsArray();

        released.Count.ShouldBe(1);
        again.Count.ShouldBe(0);
        (await HandlesAsync()).ShouldBe(["net/c2/eth0", "net/c3/eth0", "net/late/eth0", "other/c1/eth0", "plain"]);
        var late = await _serving.Api.PostAsync("/ipam/v1/assign", AssignIssued("host-a", "net/c1/eth0", "2030-01-01T00:00:04Z"));
        late.Cause.ShouldBe("HandleClosed");
        (await _serving.Api.PostAsync("/ipam/v1/assign", AssignIssued("host-a", "net/c1/eth0", "2030-01-01T00:00:06Z"))).Expect(200);
    }

    [Theory]
    [InlineData("""{"network": "net", "issuedAt": "2030-01-01T00:00:05Z"}""", "host")]
    [InlineData("""{"host": "a", "issuedAt": "2030-01-01T00:00:05Z"}""", "network")]
    [InlineData("""{"host": "a", "network": "net"}""", "issuedAt")]
    public async Task A_list_that_says_too_little_is_refused(string body, string field)
    {
        await _serving.StartAsync();

        (await _serving.Api.PostAsync("/ipam/v1/gc", body)).Expect(422).Fields.ShouldBe([field]);
    }

    private static string AssignIssued(string host, string handle, string issuedAt) =>
        $$"""{"host":"{{host}}","handle":"{{handle}}","ipv4":1,"issuedAt":"{{issuedAt}}"}""";

    private static long Sum(JsonArray blocks, string figure) => blocks.Sum(block => (long)block![figure]!);

    private async Task<JsonArray> BlocksAsync() => (await _serving.Api.GetAsync("/ipam/v1/blocks")).Expect(200).Json["items"]!.AsArray();

    private async Task<string[]> HandlesAsync() =>
        [.. (await _serving.Api.GetAsync("/ipam/v1/addresses")).Expect(200).Json["items"]!.AsArray().Select(a => (string)a!["handle"]!).Order(StringComparer.Ordinal)];

    /// <summary>Looks until the blocks are as wanted; nobody does anything meanwhile.</summary>
    private async Task<JsonArray> UntilAsync(Func<JsonArray, bool> isThere)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var blocks = await BlocksAsync();
            if (isThere(blocks))
            {
                return blocks;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }
}

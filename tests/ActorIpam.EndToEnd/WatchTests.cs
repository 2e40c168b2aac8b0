using System.Text.Json.Nodes;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd;

/// <summary>Watches, pages and selectors over HTTP (api.md §2).</summary>
public sealed class WatchTests : IAsyncLifetime
{
    private const string Merge = "application/merge-patch+json";

    private readonly Serving _serving = new();

    private Api Api => _serving.Api;

    public ValueTask InitializeAsync() => _serving.StartAsync();

    public ValueTask DisposeAsync() => _serving.DisposeAsync();

    [Fact]
    public async Task A_watch_tells_every_change_behind_its_version_and_ends_with_a_bookmark()
    {
        var first = (await Api.PostAsync(Pools, Pool("a", "10.1.0.0/16"))).Expect(201).Json;
        (await Api.PostAsync(Nodes, Node("rack-1"))).Expect(201);
        (await Api.SendAsync(HttpMethod.Patch, Pools + "/a", """{"spec":{"natOutgoing":true}}""", Merge)).Expect(200);
        (await Api.PostAsync(Pools, Pool("b", "10.2.0.0/16"))).Expect(201);
        (await Api.DeleteAsync(Pools + "/a")).Expect(200);

        var told = await WatchAsync($"resourceVersion={(string)first["metadata"]!["resourceVersion"]!}&allowWatchBookmarks=true");

        // A deletion disables the pool first: nothing may be assigned from it any more.
        told.ShouldBe(["MODIFIED a", "ADDED b", "MODIFIED a", "DELETED a", "BOOKMARK "]);
    }

    [Fact]
    public async Task Without_a_version_a_watch_tells_what_exists_first()
    {
        (await Api.PostAsync(Pools, Pool("b", "10.2.0.0/16"))).Expect(201);
        (await Api.PostAsync(Pools, Pool("a", "10.1.0.0/16"))).Expect(201);

        (await WatchAsync("resourceVersion=0")).ShouldBe(["ADDED a", "ADDED b"]);
        (await WatchAsync("fieldSelector=metadata.name=b")).ShouldBe(["ADDED b"]);
    }

    [Fact]
    public async Task What_leaves_the_selection_of_a_watch_is_deleted_for_it()
    {
        var first = (await Api.PostAsync(Pools, Pool("a", "10.1.0.0/16"))).Expect(201).Json;
        (await Api.SendAsync(HttpMethod.Patch, Pools + "/a", """{"metadata":{"labels":{"zone":"east"}}}""", Merge)).Expect(200);
        (await Api.SendAsync(HttpMethod.Patch, Pools + "/a", """{"metadata":{"labels":{"zone":"west"}}}""", Merge)).Expect(200);

        (await WatchAsync($"labelSelector=zone=east&resourceVersion={(string)first["metadata"]!["resourceVersion"]!}")).ShouldBe(["ADDED a", "DELETED a"]);
    }

    [Fact]
    public async Task A_version_that_never_was_has_expired() =>
        (await Api.GetAsync(Pools + "?watch=true&resourceVersion=99")).Expect(410).Json["reason"]!.ToString().ShouldBe("Expired");

    [Fact]
    public async Task A_stop_of_the_member_ends_its_watches()
    {
        var watch = Api.GetAsync(Pools + "?watch=true&resourceVersion=0");
        (await Api.PostAsync(Pools, Pool("a", "10.1.0.0/16"))).Expect(201);

        (await _serving.Member.StopAsync()).ShouldBe(0);
        (await watch).Code.ShouldBe(200);
    }

    [Fact]
    public async Task A_long_list_comes_in_pages_of_one_version()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            (await Api.PostAsync(Nodes, Node(name))).Expect(201);
        }

        var first = (await Api.GetAsync(Nodes + "?limit=2")).Expect(200).Json;
        (await Api.PostAsync(Nodes, Node("d"))).Expect(201);
        var second = (await Api.GetAsync($"{Nodes}?limit=2&continue={(string)first["metadata"]!["continue"]!}")).Expect(200).Json;

        Names(first).ShouldBe(["a", "b"]);
        ((int)first["metadata"]!["remainingItemCount"]!).ShouldBe(1);
        Names(second).ShouldBe(["c", "d"]);
        second["metadata"]!["resourceVersion"]!.ToString().ShouldBe(first["metadata"]!["resourceVersion"]!.ToString());
        second["metadata"]!["continue"].ShouldBeNull();
    }

    [Theory]
    [InlineData("zone", "a,b")]
    [InlineData("!zone", "c")]
    [InlineData("zone=east", "a")]
    [InlineData("zone==east", "a")]
    [InlineData("zone!=east", "b,c")]
    [InlineData("zone in (east, west)", "a,b")]
    [InlineData("zone notin (east,west)", "c")]
    [InlineData("zone,zone!=west", "a")]
    [InlineData("", "a,b,c")]
    public async Task Labels_select_as_in_kubernetes(string selector, string names)
    {
        foreach (var (name, zone) in new[] { ("a", "east"), ("b", "west"), ("c", null) })
        {
            var node = JsonNode.Parse(Node(name))!;
            node["metadata"]!["labels"] = zone is null ? null : new JsonObject { ["zone"] = zone };
            (await Api.PostAsync(Nodes, node.ToJsonString())).Expect(201);
        }

        string.Join(',', Names((await Api.GetAsync($"{Nodes}?labelSelector={Uri.EscapeDataString(selector)}")).Expect(200).Json)).ShouldBe(names);
    }

    [Fact]
    public async Task Unknown_fields_are_refused_dropped_with_a_warning_or_dropped()
    {
        var misspelt = Pool("a", "10.1.0.0/16").Replace("\"spec\":{", "\"spec\":{\"natOutgoin\":true,", StringComparison.Ordinal);
        (await Api.PostAsync(Pools, misspelt)).Expect(400).Fields.ShouldBe(["spec.natOutgoin"]);

        using var http = new HttpClient { BaseAddress = _serving.Member.Url };
        using var warned = await http.PostAsync(Pools + "?fieldValidation=Warn", new StringContent(misspelt, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")), TestContext.Current.CancellationToken);
        ((int)warned.StatusCode).ShouldBe(201);
        warned.Headers.GetValues("Warning").ShouldBe(["299 - \"unknown field \\\"spec.natOutgoin\\\"\""]);
        (await Api.SendAsync(HttpMethod.Put, Pools + "/a?fieldValidation=Ignore", misspelt)).Expect(200);
    }

    [Fact]
    public async Task An_applied_patch_creates_or_merges()
    {
        const string apply = "application/apply-patch+yaml";
        (await Api.SendAsync(HttpMethod.Patch, Pools + "/a?fieldManager=tests&force=true", Pool("a", "10.1.0.0/16"), apply)).Expect(201);
        (await Api.SendAsync(HttpMethod.Patch, Pools + "/a", "apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: {name: a}\nspec: {natOutgoing: true}\n", apply)).Expect(200)
            .Json["spec"]!["cidr"]!.ToString().ShouldBe("10.1.0.0/16");
        (await Api.SendAsync(HttpMethod.Patch, Pools + "/b", Pool("a", "10.1.0.0/16"), apply)).Expect(400);
    }

    private async Task<string[]> WatchAsync(string query) =>
    [
        .. (await Api.GetAsync($"{Pools}?watch=true&timeoutSeconds=1&{query}")).Expect(200).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!).Select(line => $"{(string)line["type"]!} {(string?)line["object"]!["metadata"]!["name"]}"),
    ];

    private static IEnumerable<string> Names(JsonNode list) => list["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!);
}

using System.Text.Json.Nodes;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd;

/// <summary>Why, and what would happen, over HTTP and on the command line (docs/why.md).</summary>
public sealed class ExplainTests : IAsyncLifetime
{
    private readonly Serving _serving = new();

    private Api Api => _serving.Api;

    public async ValueTask InitializeAsync()
    {
        await _serving.StartAsync();
        foreach (var host in new[] { "rack-1", "rack-2" })
        {
            (await Api.PostAsync(Nodes, Node(host))).Expect(201);
        }

        (await Api.PostAsync(Pools, Pool("blue", "10.1.0.0/26"))).Expect(201);
    }

    public ValueTask DisposeAsync() => _serving.DisposeAsync();

    [Fact]
    public async Task A_dry_run_assigns_nothing_and_tells_what_the_request_then_gets()
    {
        var foreseen = (await Api.PostAsync("/ipam/v1/assign?dryRun=All", Assign("rack-1", "web"))).Expect(200);
        ((string)foreseen.Json["explanation"]!["families"]![0]!["pools"]![0]!["verdict"]!).ShouldBe("Serves");
        ((string)foreseen.Json["ipv4"]![0]!["reason"]!["why"]!).ShouldBe("claimed");
        (await Api.GetAsync("/ipam/v1/addresses")).Json["items"]!.AsArray().Count.ShouldBe(0);

        var given = (await Api.PostAsync("/ipam/v1/assign", Assign("rack-1", "web"))).Expect(200);
        given.Addresses("ipv4").ShouldBe(foreseen.Addresses("ipv4"));
        given.Json["explanation"].ShouldBeNull();
        (await Api.PostAsync("/ipam/v1/assign?dryRun=Some", Assign("rack-1", "web"))).Expect(422).Cause.ShouldBe("Enum");
        (await Api.PostAsync("/ipam/v1/assign?fly=1", Assign("rack-1", "web"))).Expect(400).Cause.ShouldBe("UnknownField");
    }

    [Fact]
    public async Task A_grant_and_a_refusal_are_explained()
    {
        var ip = (await Api.PostAsync("/ipam/v1/assign", Assign("rack-1", "web"))).Expect(200).Addresses("ipv4").Single();
        var reason = (await Api.GetAsync("/ipam/v1/addresses/" + ip)).Expect(200).Json["reason"]!;
        ((string)reason["why"]!, (string)reason["pool"]!).ShouldBe(("claimed", "blue"));

        var refused = (await Api.PostAsync("/ipam/v1/assign", """{"host": "rack-2", "handle": "lb", "use": "Tunnel", "ipv6": 1, "requestId": "r-1"}""")).Expect(422);
        refused.Json["details"]!["explanation"].ShouldNotBeNull();
        var told = (await Api.GetAsync("/ipam/v1/explain?request=r-1")).Expect(200).Json;
        ((string)told["decisions"]![0]!["outcome"]!).ShouldBe("NoQualifiedPool");
        (await Api.GetAsync("/ipam/v1/explain?request=a&handle=b")).Expect(422);

        var typed = await Ipamctl.RunAsync(_serving.Member.Url, "ipam", "explain", ip);
        (typed.Code, typed.Errors).ShouldBe((0, ""));
        typed.Output.ShouldContain("a block nobody had, claimed for it");
        (await Ipamctl.RunAsync(_serving.Member.Url, "ipam", "explain", "r-1")).Output.ShouldContain("NoQualifiedPool: request r-1");
    }

    [Fact]
    public async Task A_dry_run_of_a_resource_warns_of_what_it_would_do()
    {
        await Api.PostAsync("/ipam/v1/assign", Assign("rack-1", "web"));
        using var http = new HttpClient { BaseAddress = _serving.Member.Url };
        using var answer = await http.DeleteAsync(Nodes + "/rack-1?dryRun=All", TestContext.Current.CancellationToken);
        answer.IsSuccessStatusCode.ShouldBeTrue();
        answer.Headers.GetValues("Warning").ShouldContain(static warning => warning.StartsWith("299 - \"Node rack-1: of its 1 block, 0 empty ones go back and 1 lose their owner", StringComparison.Ordinal));

        var report = (await Api.PostAsync("/ipam/v1/impact", """{"delete": [{"kind": "IPPool", "name": "blue"}, {"kind": "Node", "name": "rack-1"}]}""")).Expect(200).Json;
        report["items"]!.AsArray().Select(static item => (string)item!["outcome"]!).ShouldBe(["deleted", "deleted"]);
        (await Api.PostAsync("/ipam/v1/impact", """{"apply": [{"kind": "IPPool"}]}""")).Code.ShouldBeInRange(400, 422);
        (await Api.PostAsync("/ipam/v1/impact", """{"delete": [{"kind": "Planet", "name": "x"}]}""")).Expect(400).Fields.ShouldBe(["delete[0]"]);

        var typed = await Ipamctl.RunAsync(_serving.Member.Url, "delete", "node", "rack-1", "--dry-run");
        typed.Code.ShouldBe(0, typed.Errors);
        typed.Output.ShouldStartWith("node/rack-1 deleted (dry run)\nNode rack-1: of its 1 block");
        (await Api.GetAsync(Nodes + "/rack-1")).Expect(200);
    }

    [Fact]
    public async Task A_check_tells_how_far_it_is_and_a_repair_what_it_did()
    {
        await Api.PostAsync("/ipam/v1/assign", Assign("rack-1", "web"));
        var lines = (await Api.GetAsync("/ipam/v1/check?progress=true")).Expect(200).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        JsonNode.Parse(lines[^1])!["report"]!["problems"]!.AsArray().ShouldBeEmpty();
        (await Api.SendAsync(HttpMethod.Post, "/ipam/v1/check/repair", "{}", type: null)).Expect(415);
        var repaired = (await Api.PostAsync("/ipam/v1/check/repair", "{}")).Expect(200).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        JsonNode.Parse(repaired[^1])!["repair"]!["repaired"]!.AsArray().ShouldBeEmpty();

        var typed = await Ipamctl.RunAsync(_serving.Member.Url, "ipam", "check", "--fail");
        typed.ShouldBe((0, "3 resources, 1 pools, 1 blocks and 1 addresses checked: no problems.\n", ""));
        (await Ipamctl.RunAsync(_serving.Member.Url, "ipam", "check", "--repair")).Errors.ShouldContain("--repair asks before it writes");
        (await Ipamctl.RunAsync(_serving.Member.Url, "ipam", "check", "--repair", "--yes", "--fail")).Code.ShouldBe(0);
    }
}

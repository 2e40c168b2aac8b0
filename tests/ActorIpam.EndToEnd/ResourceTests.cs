using System.Text.Json.Nodes;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd;

/// <summary>The resources over HTTP (api.md §2).</summary>
public sealed class ResourceTests : IAsyncLifetime
{
    private readonly Serving _serving = new();

    private Api Api => _serving.Api;

    public ValueTask InitializeAsync() => _serving.StartAsync();

    public ValueTask DisposeAsync() => _serving.DisposeAsync();

    [Fact]
    public async Task A_resource_lives_from_post_to_delete()
    {
        var created = (await Api.PostAsync(Pools, Pool("blue", "10.1.0.0/16"))).Expect(201).Json;
        ((string?)created["metadata"]!["uid"]).ShouldNotBeNullOrEmpty();
        ((int)created["spec"]!["blockSize"]!).ShouldBe(26);

        created["metadata"]!["labels"] = new JsonObject { ["zone"] = "a" };
        var updated = (await Api.SendAsync(HttpMethod.Put, Pools + "/blue", created.ToJsonString())).Expect(200).Json;
        ((string)updated["metadata"]!["resourceVersion"]!).ShouldNotBe((string)created["metadata"]!["resourceVersion"]!);

        // The version in the body is the one before the update now.
        var stale = await Api.SendAsync(HttpMethod.Put, Pools + "/blue", created.ToJsonString());
        stale.Expect(409).Cause.ShouldBe("Conflict");

        (await Api.GetAsync(Pools + "/blue")).Expect(200).Text.ShouldBe(updated.ToJsonString());
        (await Api.DeleteAsync(Pools + "/blue")).Expect(200).Json["status"]!.ToString().ShouldBe("Success");
        (await Api.GetAsync(Pools + "/blue")).Expect(404).Json["reason"]!.ToString().ShouldBe("NotFound");
        (await Api.DeleteAsync(Pools + "/blue")).Expect(404);
    }

    [Fact]
    public async Task A_list_names_its_kind_and_the_version_it_was_read_at()
    {
        await Api.PostAsync(Pools, Pool("b", "10.2.0.0/16"));
        var last = (await Api.PostAsync(Pools, Pool("a", "10.1.0.0/16"))).Expect(201).Json;

        var list = (await Api.GetAsync(Pools + "?limit=500")).Expect(200).Json;

        ((string)list["kind"]!).ShouldBe("IPPoolList");
        ((string)list["metadata"]!["resourceVersion"]!).ShouldBe((string)last["metadata"]!["resourceVersion"]!);
        list["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Every_kind_can_be_stored()
    {
        (await Api.PostAsync(Nodes, Node("rack-1"))).Expect(201);
        (await Api.PostAsync(Reservations, """{"apiVersion":"projectcalico.org/v3","kind":"IPReservation","metadata":{"name":"gw"},"spec":{"reservedCIDRs":["10.1.0.1"]}}""")).Expect(201);
        (await Api.PostAsync(Configurations, """{"apiVersion":"projectcalico.org/v3","kind":"IPAMConfiguration","metadata":{"name":"default"},"spec":{"strictAffinity":true}}""")).Expect(201);
        foreach (var path in new[] { Nodes, Reservations, Configurations })
        {
            (await Api.GetAsync(path)).Expect(200).Json["items"]!.AsArray().Count.ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_definition_in_yaml_is_the_same_definition()
    {
        const string yaml = """
            apiVersion: projectcalico.org/v3
            kind: IPPool
            metadata:
              name: six
            spec:
              cidr: fd00:1::/64
            """;
        (await Api.PostAsync(Pools, yaml, "application/yaml")).Expect(201).Json["spec"]!["blockSize"]!.GetValue<int>().ShouldBe(122);
    }

    [Fact]
    public async Task A_merge_patch_changes_what_it_names_and_null_removes()
    {
        await Api.PostAsync(Pools, Pool("blue", "10.1.0.0/16"));
        const string type = "application/merge-patch+json";

        var disabled = await Api.SendAsync(HttpMethod.Patch, Pools + "/blue", """{"metadata":{"labels":{"a":"1","b":"2"}},"spec":{"disabled":true}}""", type);
        disabled.Expect(200).Json["spec"]!["disabled"]!.GetValue<bool>().ShouldBeTrue();
        var unlabelled = await Api.SendAsync(HttpMethod.Patch, Pools + "/blue", """{"metadata":{"labels":{"a":null}}}""", type);

        unlabelled.Expect(200).Json["metadata"]!["labels"]!.AsObject().Select(l => l.Key).ShouldBe(["b"]);
        unlabelled.Json["spec"]!["disabled"]!.GetValue<bool>().ShouldBeTrue();
        (await Api.SendAsync(HttpMethod.Patch, Pools + "/blue", """{"metadata":{"resourceVersion":"1"},"spec":{"disabled":false}}""", type)).Expect(409);
        (await Api.SendAsync(HttpMethod.Patch, Pools + "/blue", """{"spec":{"colour":"red"}}""", type)).Expect(400).Fields.ShouldContain("spec.colour");
        (await Api.SendAsync(HttpMethod.Patch, Pools + "/none", "{}", type)).Expect(404);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_and_stores_nothing()
    {
        (await Api.PostAsync(Pools + "?dryRun=All", Pool("blue", "10.1.0.0/16"))).Expect(201).Json["spec"]!["nodeSelector"]!.ToString().ShouldBe("all()");
        (await Api.PostAsync(Pools + "?dryRun=All", Pool("blue", "10.1.0.1/16"))).Expect(422);
        (await Api.GetAsync(Pools + "/blue")).Expect(404);

        (await Api.PostAsync(Pools, Pool("blue", "10.1.0.0/16"))).Expect(201);
        (await Api.DeleteAsync(Pools + "/blue?dryRun=All")).Expect(200);
        (await Api.GetAsync(Pools + "/blue")).Expect(200);
    }

    [Fact]
    public async Task A_delete_may_name_what_it_expects()
    {
        var uid = (string)(await Api.PostAsync(Pools, Pool("blue", "10.1.0.0/16"))).Expect(201).Json["metadata"]!["uid"]!;

        (await Api.DeleteAsync(Pools + "/blue", """{"preconditions":{"uid":"another"}}""")).Expect(409);
        (await Api.DeleteAsync(Pools + "/blue", """{"preconditions":{"resourceVersion":"99"}}""")).Expect(409);
        (await Api.DeleteAsync(Pools + "/blue", $$$"""{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"uid":"{{{uid}}}"}}""")).Expect(200);
    }

    [Theory]
    [InlineData("/version", "gitVersion")]
    [InlineData("/api", "versions")]
    [InlineData("/apis", "groups")]
    [InlineData("/apis/projectcalico.org/v3", "resources")]
    public async Task Clients_find_out_what_is_here(string path, string member) =>
        (await Api.GetAsync(path)).Expect(200).Json[member].ShouldNotBeNull();
}

using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd;

/// <summary>What a caller may get wrong: the code, the field, and that nothing happened.</summary>
public sealed class BadInputTests(BadInputTests.OneMember one) : IClassFixture<BadInputTests.OneMember>
{
    private const string Assigning = "/ipam/v1/assign";
    private const string Json = "application/json";
    private const string Yaml = "application/yaml";
    private const string Patch = "application/merge-patch+json";

    public static TheoryData<string, string, string?, string?, int, string?> Table => new()
    {
        // What cannot be read.
        { "POST", Assigning, "{", Json, 400, null },
        { "POST", Assigning, "", Json, 400, null },
        { "POST", Assigning, "[]", Json, 400, null },
        { "POST", Assigning, """{"host":"rack-1","hots":"x"}""", Json, 400, "hots" },
        { "POST", Assigning, """{"host":"rack-1","host":"rack-2"}""", Json, 400, null },
        { "POST", Assigning, """{"host":5}""", Json, 400, "host" },
        { "POST", Assigning, """{"host":"rack-1","ipv4":"1"}""", Json, 400, "ipv4" },
        { "POST", Assigning, """{"host":"rack-1","ipv4":1.5}""", Json, 400, "ipv4" },
        { "POST", Assigning, """{"host":"rack-1","ipv4":1,"issuedAt":"yesterday"}""", Json, 400, "issuedAt" },
        { "POST", Assigning, """{"host":"rack-1","ipv4":1}""", "text/plain", 415, null },
        { "POST", Assigning, """{"host":"rack-1","ipv4":1}""", null, 415, null },
        { "POST", Assigning + "?at=now", """{"host":"rack-1","ipv4":1}""", Json, 400, "at" },
        { "POST", "/ipam/v1/release", """{"addresses":[{"ip":"10.1.0.1"},{"ip":"10.1.0.2","holder":"x"}]}""", Json, 400, "addresses[1].holder" },

        // What can be read and is not allowed.
        { "POST", Assigning, """{"ipv4":1}""", Json, 422, "host" },
        { "POST", Assigning, """{"host":"a b","ipv4":1}""", Json, 422, "host" },
        { "POST", Assigning, """{"host":"rack-1","ipv4":-1}""", Json, 422, "ipv4" },
        { "POST", Assigning, """{"host":"rack-1","ipv4":1025}""", Json, 422, "ipv4" },
        { "POST", Assigning, """{"host":"rack-1","ipv4":1,"use":"Lunch"}""", Json, 422, "use" },
        { "POST", Assigning, """{"host":"rack-1","ipv4":1,"attributes":{"":"x"}}""", Json, 422, "attributes[]" },
        { "POST", "/ipam/v1/assign-ip", """{"host":"rack-1","ip":"10.1.0.256"}""", Json, 422, "ip" },
        { "POST", "/ipam/v1/release-handle", """{"handle":"web","final":true}""", Json, 422, "issuedAt" },
        { "POST", "/ipam/v1/release-handle", """{}""", Json, 422, "handle" },

        // Queries.
        { "GET", "/ipam/v1/addresses?at=noon", null, null, 400, "at" },
        { "GET", "/ipam/v1/addresses?limit=many", null, null, 400, "limit" },
        { "GET", "/ipam/v1/addresses?borrowed=maybe", null, null, 400, "borrowed" },
        { "GET", "/ipam/v1/addresses?host=a&host=b", null, null, 400, "host" },
        { "GET", "/ipam/v1/utilization?pools=blue", null, null, 400, "pools" },
        { "GET", "/ipam/v1/nothing", null, null, 404, null },
        { "GET", Assigning, null, null, 405, null },

        // Resources.
        { "POST", Pools, "{", Json, 400, null },
        { "POST", Pools, "", Json, 400, null },
        { "POST", Pools, "spec: [", Yaml, 400, null },
        { "POST", Pools, Pool("a", "10.2.0.0/16") + "\n---\n" + Pool("b", "10.3.0.0/16"), Yaml, 400, null },
        { "POST", Pools, Node("rack-9"), Json, 400, "kind" },
        { "POST", Pools, """{"kind":"IPPool"}""", Json, 400, "apiVersion" },
        { "POST", Pools, """{"apiVersion":"projectcalico.org/v3","kind":"IPPool","metadata":{"name":"red"},"spec":{"cidr":"10.2.0.0/16","colour":1}}""", Json, 400, "spec.colour" },
        { "POST", Pools, """{"apiVersion":"projectcalico.org/v3","kind":"IPPool","metadata":{"name":"red"},"spec":{"cidr":7}}""", Json, 400, "spec.cidr" },
        { "POST", Pools, Pool("red", "10.2.0.0/16"), "text/plain", 415, null },
        { "POST", Pools, Pool("red", "10.2.0.7/16"), Json, 422, "spec.cidr" },
        { "POST", Pools, Pool("red", "10.2.0.0/16", 19), Json, 422, "spec.blockSize" },
        { "POST", Pools, Pool("red", "10.1.0.0/20"), Json, 422, "spec.cidr" },
        { "POST", Pools, Pool("blue", "10.2.0.0/16"), Json, 409, null },
        { "POST", Pools + "?dryRun=Some", Pool("red", "10.2.0.0/16"), Json, 400, "dryRun" },
        { "POST", Pools + "?force=true", Pool("red", "10.2.0.0/16"), Json, 400, "force" },
        { "PUT", Pools + "/blue", Pool("red", "10.1.0.0/16"), Json, 400, "metadata.name" },
        { "PUT", Pools + "/red", Pool("red", "10.2.0.0/16"), Json, 404, null },
        { "PATCH", Pools + "/blue", """{"spec":{"disabled":true}}""", Json, 415, null },
        { "PATCH", Pools + "/blue", "[]", Patch, 400, null },
        { "PATCH", Pools + "/blue", """{"spec":{"blockSize":28}}""", Patch, 422, "spec.blockSize" },
        { "DELETE", Pools + "/red", null, null, 404, null },
        { "DELETE", Pools + "/blue", """{"preconditions":{"colour":"x"}}""", Json, 400, "preconditions.colour" },
        { "PATCH", Pools + "/blue", """{"spec":{"disabled":true}}""", "application/strategic-merge-patch+json", 415, null },
        { "PATCH", Pools + "/blue", """{"op":"add"}""", "application/json-patch+json", 400, null },
        { "PATCH", Pools + "/blue", """[{"op":"add","path":"/spec/disabled"}]""", "application/json-patch+json", 422, null },
        { "PATCH", Pools + "/blue", """[{"op":"replace","path":"/spec/colour","value":1}]""", "application/json-patch+json", 422, null },
        { "PATCH", Pools + "/blue", """[{"op":"remove","path":""}]""", "application/json-patch+json", 400, null },
        { "GET", Pools + "?watch=true&resourceVersion=now", null, null, 400, "resourceVersion" },
        { "GET", Pools + "?watch=true&timeoutSeconds=long", null, null, 400, "timeoutSeconds" },
        { "GET", Pools + "?labelSelector=a in b", null, null, 400, "labelSelector" },
        { "GET", Pools + "?fieldSelector=spec.cidr=x", null, null, 400, "fieldSelector" },
        { "GET", Pools + "?limit=few", null, null, 400, "limit" },
        { "GET", Pools + "?continue=me", null, null, 400, "continue" },
        { "GET", Pools + "?includeObject=All", null, null, 400, "includeObject" },
        { "POST", Pools + "?fieldValidation=Never", Pool("red", "10.2.0.0/16"), Json, 400, "fieldValidation" },
        { "GET", "/apis/projectcalico.org/v3/namespaces/default/ippools", null, null, 404, null },
        { "GET", "/apis/projectcalico.org/v3/lunches", null, null, 404, null },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task It_is_refused_by_name_and_changes_nothing(string method, string path, string? body, string? type, int code, string? field)
    {
        var before = await StateAsync();

        var reply = await one.Api.SendAsync(new(method), path, body, type);

        reply.Expect(code);
        ((string)reply.Json["kind"]!, (int)reply.Json["code"]!).ShouldBe(("Status", code));
        ((string)reply.Json["message"]!).ShouldNotBeNullOrEmpty();
        if (field is not null)
        {
            reply.Fields.ShouldContain(field);
        }

        reply.Text.ShouldNotContain("   at ");
        (await StateAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_body_beyond_its_limit_is_refused()
    {
        var handle = new string('x', 64 * 1024);
        (await one.Api.PostAsync(Assigning, Assign("rack-1", handle))).Expect(413);
        (await one.Api.PostAsync("/ipam/v1/release", $$"""{"addresses":[{"ip":"10.1.0.1","handle":"{{handle}}"}]}""")).Code.ShouldNotBe(413);
        (await one.Api.PostAsync(Pools, Pool("red", "10.2.0.0/16") + new string(' ', 1024 * 1024))).Expect(413);
    }

    [Fact]
    public async Task A_body_that_nests_too_deep_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 40)) + string.Concat(Enumerable.Repeat("]", 40));
        (await one.Api.PostAsync(Pools, $$"""{"apiVersion":"projectcalico.org/v3","kind":"IPPool","spec":{{deep}}}""")).Expect(400);
        (await one.Api.PostAsync(Assigning, $$"""{"attributes":{{deep}}}""")).Expect(400);
    }

    private async Task<string> StateAsync() =>
        (await one.Api.GetAsync(Pools)).Expect(200).Text + (await one.Api.GetAsync("/ipam/v1/addresses")).Expect(200).Text + (await one.Api.GetAsync("/ipam/v1/blocks")).Expect(200).Text;

    /// <summary>One member for the whole table: nothing in it may change anything.</summary>
    public sealed class OneMember : IAsyncLifetime
    {
        private readonly Serving _serving = new();

        internal Api Api => _serving.Api;

        public async ValueTask InitializeAsync()
        {
            await _serving.StartAsync();
            (await Api.PostAsync(Nodes, Node("rack-1"))).Expect(201);
            (await Api.PostAsync(Pools, Pool("blue", "10.1.0.0/16"))).Expect(201);
            (await Api.PostAsync(Assigning, Assign("rack-1", "web"))).Expect(200);
        }

        public ValueTask DisposeAsync() => _serving.DisposeAsync();
    }
}

using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd;

/// <summary>Addresses over HTTP (api.md §3).</summary>
public sealed class AddressTests : IAsyncLifetime
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
    }

    public ValueTask DisposeAsync() => _serving.DisposeAsync();

    [Fact]
    public async Task An_address_is_assigned_found_and_released()
    {
        await Api.PostAsync(Pools, Pool("blue", "10.1.0.0/24"));

        var a = (await Api.PostAsync("/ipam/v1/assign", Assign("rack-1", "web"))).Expect(200).Json["ipv4"]![0]!;
        var ip = (string)a["address"]!;
        ((string)a["cidr"]!).ShouldBe(ip + "/26");
        ((string)a["pool"]!).ShouldBe("blue");

        var held = (await Api.GetAsync("/ipam/v1/addresses/" + ip)).Expect(200).Json;
        ((string)held["state"]!, (string)held["handle"]!, (string)held["host"]!).ShouldBe(("assigned", "web", "rack-1"));
        (await Api.GetAsync("/ipam/v1/addresses?handle=web")).Expect(200).Json["items"]!.AsArray().Count.ShouldBe(1);

        (await Api.PostAsync("/ipam/v1/release", $$"""{"addresses":[{"ip":"{{ip}}","handle":"web"}]}""")).Expect(200).Json["released"]!.AsArray().Single()!.ToString().ShouldBe(ip);
        ((string)(await Api.GetAsync("/ipam/v1/addresses/" + ip)).Json["state"]!).ShouldBe("free");
        (await Api.PostAsync("/ipam/v1/release", $$"""{"addresses":[{"ip":"{{ip}}"}]}""")).Expect(200).Json["unallocated"]!.AsArray().Count.ShouldBe(1);

        var past = (await Api.GetAsync($"/ipam/v1/addresses/{ip}/history")).Expect(200).Json["items"]!.AsArray().Single()!;
        ((string)past["handle"]!).ShouldBe("web");
        past["to"].ShouldNotBeNull();
    }

    [Theory]
    [InlineData("""{"host": "rack-1"}""", 1, 0)]
    [InlineData("""{"host": "rack-1", "ipv6": 2}""", 0, 2)]
    [InlineData("""{"host": "rack-1", "ipv4": 2, "ipv6": 1}""", 2, 1)]
    public async Task A_request_that_names_no_count_gets_one_IPv4_address(string body, int ipv4, int ipv6)
    {
        await Api.PostAsync(Pools, Pool("blue", "10.1.0.0/24"));
        await Api.PostAsync(Pools, Pool("blue-v6", "fd00::/120"));

        var reply = (await Api.PostAsync("/ipam/v1/assign", body)).Expect(200);

        (reply.Addresses("ipv4").Count(), reply.Addresses("ipv6").Count()).ShouldBe((ipv4, ipv6));
    }

    [Fact]
    public async Task A_request_for_no_address_at_all_is_refused() =>
        (await Api.PostAsync("/ipam/v1/assign", """{"host": "rack-1", "ipv4": 0, "ipv6": 0}""")).Expect(422).Cause.ShouldBe("OutOfRange");

    [Fact]
    public async Task A_host_without_a_block_to_claim_borrows()
    {
        await Api.PostAsync(Pools, Pool("small", "10.1.0.0/29", 29));
        (await Api.PostAsync("/ipam/v1/assign", Assign("rack-1", "web"))).Expect(200);

        var lent = (await Api.PostAsync("/ipam/v1/assign", Assign("rack-2", "db"))).Expect(200).Json["ipv4"]![0]!;

        ((bool)lent["borrowed"]!).ShouldBeTrue();
        (await Api.GetAsync("/ipam/v1/addresses?borrowed=true")).Json["items"]!.AsArray().Single()!["handle"]!.ToString().ShouldBe("db");
        var block = (await Api.GetAsync("/ipam/v1/blocks?host=rack-1")).Expect(200).Json["items"]!.AsArray().Single()!;
        ((int)block["assigned"]!, (int)block["borrowed"]!, (int)block["free"]!).ShouldBe((2, 1, 6));
    }

    [Fact]
    public async Task Both_families_come_together()
    {
        await Api.PostAsync(Pools, Pool("four", "10.1.0.0/24"));
        await Api.PostAsync(Pools, Pool("six", "fd00:1::/64"));

        var reply = (await Api.PostAsync("/ipam/v1/assign", Assign("rack-1", "web", ipv4: 1, ipv6: 1))).Expect(200);

        var six = reply.Addresses("ipv6").Single();
        six.ShouldStartWith("fd00:1:");
        reply.Addresses("ipv4").Single().ShouldStartWith("10.1.0.");
        ((string)(await Api.GetAsync("/ipam/v1/addresses/" + six)).Expect(200).Json["handle"]!).ShouldBe("web");
        (await Api.PostAsync("/ipam/v1/release-handle", """{"handle":"web"}""")).Expect(200).Json["released"]!.AsArray().Count.ShouldBe(2);
        (await Api.PostAsync("/ipam/v1/release-handle", """{"handle":"web"}""")).Expect(404).Cause.ShouldBe("NotFound");
    }

    [Fact]
    public async Task A_repeated_request_gets_the_same_address_until_it_is_released()
    {
        await Api.PostAsync(Pools, Pool("blue", "10.1.0.0/24"));
        var first = (await Api.PostAsync("/ipam/v1/assign", Assign("rack-1", "web", requestId: "r1"))).Expect(200);

        var again = await Api.SendAsync(HttpMethod.Post, "/ipam/v1/assign", Assign("rack-1", "web"), idempotencyKey: "r1");
        again.Expect(200).Text.ShouldBe(first.Text);
        (await Api.PostAsync("/ipam/v1/assign", Assign("rack-2", "web", requestId: "r1"))).Expect(422).Cause.ShouldBe("RequestMismatch");
        (await Api.SendAsync(HttpMethod.Post, "/ipam/v1/assign", Assign("rack-1", "web", requestId: "r1"), idempotencyKey: "r2")).Expect(422).Fields.ShouldBe(["requestId"]);

        (await Api.PostAsync("/ipam/v1/release-handle", """{"handle":"web"}""")).Expect(200);
        (await Api.PostAsync("/ipam/v1/assign", Assign("rack-1", "web", requestId: "r1"))).Expect(410).Cause.ShouldBe("RequestFinished");
    }

    [Fact]
    public async Task A_given_address_has_one_holder()
    {
        await Api.PostAsync(Pools, Pool("blue", "10.1.0.0/24"));

        var a = (await Api.PostAsync("/ipam/v1/assign-ip", """{"host":"rack-1","handle":"web","ip":"10.1.0.9"}""")).Expect(200).Json;
        ((string)a["cidr"]!).ShouldBe("10.1.0.9/32");
        (await Api.PostAsync("/ipam/v1/assign-ip", """{"host":"rack-1","handle":"db","ip":"10.1.0.9"}""")).Expect(409).Cause.ShouldBe("AlreadyAssigned");
        (await Api.PostAsync("/ipam/v1/assign-ip", """{"host":"rack-1","handle":"db","ip":"10.9.0.9"}""")).Expect(422).Cause.ShouldBe("NotInPool");
    }

    [Fact]
    public async Task A_shortage_is_told_not_refused()
    {
        await Api.PostAsync(Pools, Pool("small", "10.1.0.0/29", 29));

        var reply = (await Api.PostAsync("/ipam/v1/assign", Assign("rack-1", "web", ipv4: 20))).Expect(200);

        reply.Addresses("ipv4").Count().ShouldBe(8);
        reply.Json["messages"]!.AsArray().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_limit_of_blocks_answers_conflict_beside_what_was_given()
    {
        await Api.PostAsync(Pools, Pool("blue", "10.1.0.0/24", 29));
        (await Api.PostAsync(Configurations, """{"apiVersion":"projectcalico.org/v3","kind":"IPAMConfiguration","metadata":{"name":"default"},"spec":{"strictAffinity":true,"maxBlocksPerHost":1}}""")).Expect(201);

        var reply = (await Api.PostAsync("/ipam/v1/assign", Assign("rack-1", "web", ipv4: 9))).Expect(409);

        reply.Addresses("ipv4").Count().ShouldBe(8);
        ((string)reply.Json["error"]!["details"]!["causes"]![0]!["reason"]!).ShouldBe("BlockLimit");
    }

    [Fact]
    public async Task Blocks_are_claimed_counted_and_given_back()
    {
        await Api.PostAsync(Pools, Pool("blue", "10.1.0.0/24"));

        (await Api.PostAsync("/ipam/v1/affinities/claim", """{"host":"rack-1","cidr":"10.1.0.0/25"}""")).Expect(200).Json["claimed"]!.AsArray().Count.ShouldBe(2);
        ((string)(await Api.PostAsync("/ipam/v1/ensure-block", """{"host":"rack-2","ipv4Pools":["blue"],"hostReservedIpv4":{"start":1,"end":0,"handle":"gateway"}}""")).Expect(200).Json["ipv4Block"]!).ShouldStartWith("10.1.0.");
        var use = (await Api.GetAsync("/ipam/v1/utilization?pool=blue&blocks=true")).Expect(200).Json["items"]!.AsArray().Single()!;
        ((long)use["capacity"]!, use["blocks"]!.AsArray().Count).ShouldBe((256, 3));

        (await Api.PostAsync("/ipam/v1/affinities/release", """{"host":"rack-1","cidr":"10.1.0.0/26","mustBeEmpty":true}""")).Expect(200).Json["released"]!.AsArray().Count.ShouldBe(1);
        (await Api.DeleteAsync("/ipam/v1/hosts/rack-1?mustBeEmpty=true")).Expect(200);
        (await Api.GetAsync("/ipam/v1/blocks")).Expect(200).Json["items"]!.AsArray().Select(b => (string)b!["host"]!).ShouldBe(["rack-2"]);
    }
}

using System.Text.Json.Nodes;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd;

/// <summary>Routes, NAT and tunnel addresses of a member that runs (api.md §3).</summary>
public sealed class RouteTests : IAsyncLifetime
{
    private readonly Serving _serving = new();

    private Api Api => _serving.Api;

    public async ValueTask InitializeAsync()
    {
        await _serving.StartAsync();
        await NodeAsync("rack-1", "172.16.0.1/24");
        await NodeAsync("rack-2", "172.16.0.2/24");
        await NodeAsync("rack-3", "172.16.9.3/24");
    }

    public ValueTask DisposeAsync() => _serving.DisposeAsync();

    [Fact]
    public async Task Routes_follow_pools_nodes_and_borrowed_addresses()
    {
        using var follower = await RouteFollower.StartAsync(_serving.Member.Url, "rack-1");
        await PoolAsync("""{"name":"web"}""", """{"cidr":"10.1.0.0/24","blockSize":29,"vxlanMode":"CrossSubnet","natOutgoing":true}""");
        await PoolAsync("""{"name":"batch"}""", """{"cidr":"10.2.0.0/24","blockSize":29,"ipipMode":"Always"}""");
        await PoolAsync("""{"name":"tiny"}""", """{"cidr":"10.3.0.0/29","blockSize":29,"vxlanMode":"CrossSubnet","allowedUses":["Workload"],"natOutgoing":true}""");
        var lender = await AssignAsync("rack-2", "tiny");
        var borrowed = await AssignAsync("rack-3", "tiny");

        // Each node gets a tunnel address of each kind, and with it a block of each pool.
        await follower.UntilAsync(now => now.Routes.Values.Count(route => route.StartsWith("ipip ", StringComparison.Ordinal)) == 2
            && now.Routes.GetValueOrDefault(borrowed + "/32")?.StartsWith("vxlan ", StringComparison.Ordinal) == true);

        var tunnel = (string)(await Api.GetAsync(Nodes + "/rack-3")).Expect(200).Json["spec"]!["ipv4VXLANTunnelAddr"]!;
        follower.Routes["10.3.0.0/29"].ShouldBe("direct 172.16.0.2 parent");
        follower.Routes[borrowed + "/32"].ShouldBe($"vxlan {tunnel} vxlan.calico");
        follower.Routes.ShouldNotContainKey(lender + "/32");

        var answer = (await Api.GetAsync("/ipam/v1/routes/rack-1")).Expect(200).Json;
        answer["routes"]!.AsArray().ToDictionary(route => (string)route!["destination"]!, route => RouteFollower.Text(route!)).ShouldBe(follower.Routes, ignoreOrder: true);
        Texts(answer["nat"]!["masqueradeSources"]!).ShouldBe(["10.1.0.0/24", "10.3.0.0/29"]);
        Texts(answer["nat"]!["poolDestinations"]!).ShouldBe(["10.1.0.0/24", "10.2.0.0/24", "10.3.0.0/29"]);
        answer["warnings"]!.AsArray().ShouldBeEmpty();
        answer["routes"]!.AsArray().Select(route => (string)route!["reason"]!).ShouldContain("held by rack-3, borrowed from rack-2; VXLAN CrossSubnet, rack-3 is in another subnet");

        var (code, output, errors) = await Ipamctl.RunAsync(_serving.Member.Url, "ipam", "routes", "rack-1");
        (code, errors).ShouldBe((0, ""));
        output.ShouldContain("NAT from: 10.1.0.0/24, 10.3.0.0/29\n");
        output.Split('\n').Single(line => line.StartsWith(borrowed, StringComparison.Ordinal)).Split("   ", StringSplitOptions.RemoveEmptyEntries)[1].Trim().ShouldBe("vxlan");

        await Api.PostAsync("/ipam/v1/release", $$"""{"addresses":[{"ip":"{{borrowed}}"}]}""");
        await follower.UntilAsync(now => !now.Routes.ContainsKey(borrowed + "/32"));
        follower.LastType.ShouldBe("DELETED");
    }

    [Fact]
    public async Task A_follower_is_told_that_its_node_is_gone()
    {
        using var follower = await RouteFollower.StartAsync(_serving.Member.Url, "rack-1");
        await follower.UntilAsync(now => now.LastType == "BOOKMARK");

        (await Api.DeleteAsync(Nodes + "/rack-1")).Expect(200);

        await follower.UntilAsync(now => now.LastType == "ERROR");
        (await follower.IsEndAsync()).ShouldBeTrue();
        (await Api.GetAsync("/ipam/v1/routes/rack-1")).Expect(404).Json["kind"]!.ToString().ShouldBe("Status");
        (await Api.GetAsync("/ipam/v1/routes/rack-1?watch=true")).Expect(404);
        (await Api.GetAsync("/ipam/v1/routes/rack-2?wait=true")).Expect(400);
    }

    [Fact]
    public async Task A_member_that_stops_does_not_wait_for_followers()
    {
        using var follower = await RouteFollower.StartAsync(_serving.Member.Url, "rack-1");
        await follower.UntilAsync(now => now.LastType == "BOOKMARK");

        (await _serving.Member.StopAsync()).ShouldBe(0);

        (await follower.IsEndAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_missing_endpoint_is_a_warning_until_there_is_one()
    {
        await PoolAsync("""{"name":"web"}""", """{"cidr":"10.1.0.0/24","blockSize":29,"vxlanMode":"Always","allowedUses":["Workload"]}""");
        await AssignAsync("rack-3", "web");
        using var follower = await RouteFollower.StartAsync(_serving.Member.Url, "rack-1");
        await follower.UntilAsync(now => now.Warnings.SequenceEqual(["The IPv4 VXLAN endpoint of node rack-3 is unknown: no tunnel leads to what it holds."]));
        follower.Routes.ShouldBeEmpty();

        // A user's own endpoint is as good as an assigned one, and stays.
        await NodeAsync("rack-3", "172.16.9.3/24", ""","ipv4VXLANTunnelAddr":"192.168.0.3" """, replace: true);

        await follower.UntilAsync(now => now.Routes.ContainsValue("vxlan 192.168.0.3 vxlan.calico") && now.Warnings.Count == 0);
    }

    private static IEnumerable<string> Texts(JsonNode list) => list.AsArray().Select(text => (string)text!);

    private async Task NodeAsync(string name, string address, string more = "", bool replace = false)
    {
        var body = $$$"""{"apiVersion":"projectcalico.org/v3","kind":"Node","metadata":{"name":"{{{name}}}"},"spec":{"bgp":{"ipv4Address":"{{{address}}}"}{{{more}}}}}""";
        (await (replace ? Api.SendAsync(HttpMethod.Put, $"{Nodes}/{name}", body) : Api.PostAsync(Nodes, body))).Expect(replace ? 200 : 201);
    }

    private async Task PoolAsync(string metadata, string spec) =>
        (await Api.PostAsync(Pools, $$"""{"apiVersion":"projectcalico.org/v3","kind":"IPPool","metadata":{{metadata}},"spec":{{spec}}}""")).Expect(201);

    private async Task<string> AssignAsync(string host, string pool) =>
        (await Api.PostAsync("/ipam/v1/assign", $$"""{"host":"{{host}}","handle":"{{host}}-{{pool}}","ipv4":1,"ipv4Pools":["{{pool}}"]}""")).Expect(200).Addresses("ipv4").Single();
}

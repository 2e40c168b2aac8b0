using System.Diagnostics;
using ActorIpam.EndToEnd.Telemetry;
using ActorIpam.Runtime.Placement;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd.Cluster;

/// <summary>Three members over mutual TLS: each host is served by its owner, and by anybody when the owner does not answer.</summary>
[Collection(nameof(Clusters))]
public sealed class ForwardingTests(LocalCluster cluster) : IClassFixture<LocalCluster>
{
    [Fact]
    public async Task Each_host_is_served_by_its_owner_whoever_is_asked()
    {
        using var api = cluster.Api("m1");
        (await api.PostAsync(Pools, Pool("forwarded", "10.20.0.0/20", 28))).Expect(201);
        var hosts = Enumerable.Range(0, 24).Select(at => $"forwarded-{at}").ToArray();
        foreach (var host in hosts)
        {
            (await api.PostAsync(Nodes, Node(host))).Expect(201);
            await AllAreThereAsync(api);
            (await api.PostAsync("/ipam/v1/assign", AssignFrom("forwarded", host))).Expect(200);
        }

        var served = await ServersAsync("10.20.0.0/20");
        served.Keys.ShouldBe(hosts, ignoreOrder: true);
        var names = cluster.Names.ToArray();
        served.Where(pair => pair.Value == Rendezvous.OwnerOf($"host:{pair.Key}", names)).Count().ShouldBeGreaterThanOrEqualTo(hosts.Length - 3, "a busy machine may make an owner slow");
        served.Values.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task A_request_through_any_member_gives_the_same_grant_and_releases_work_from_everywhere()
    {
        using var first = cluster.Api("m1");
        (await first.PostAsync(Pools, Pool("same", "10.21.0.0/24", 28))).Expect(201);
        (await first.PostAsync(Nodes, Node("same-1"))).Expect(201);
        var grants = new List<string>();
        foreach (var name in cluster.Names)
        {
            using var api = cluster.Api(name);
            grants.AddRange((await api.PostAsync("/ipam/v1/assign", Assign("same-1", "same", requestId: "same-request"))).Expect(200).Addresses("ipv4"));
        }

        grants.Count.ShouldBe(3);
        grants.Distinct().ShouldHaveSingleItem();
        using var last = cluster.Api("m3");
        var released = (await last.PostAsync("/ipam/v1/release", $$"""{"addresses":[{"ip":"{{grants[0]}}"}]}""")).Expect(200);
        released.Json["released"]!.AsArray().Select(ip => (string)ip!).ShouldBe([grants[0]]);
        (await first.PostAsync("/ipam/v1/assign", Assign("same-1", "same", requestId: "same-request"))).Code.ShouldBe(410);
    }

    [Fact]
    public async Task A_change_through_one_member_reaches_watchers_of_another()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        using var api = cluster.Api("m1");
        var version = (string)(await api.GetAsync(Pools)).Expect(200).Json["metadata"]!["resourceVersion"]!;
        using var lines = new StreamReader(await http.GetStreamAsync(new Uri(cluster.Url("m2"), $"{Pools}?watch=true&resourceVersion={version}"), TestContext.Current.CancellationToken));
        (await api.PostAsync(Pools, Pool("watched", "10.22.0.0/24", 28))).Expect(201);
        var asked = Stopwatch.StartNew();
        string? line;
        do
        {
            line = await lines.ReadLineAsync(TestContext.Current.CancellationToken);
        }
        while (line is not null && !line.Contains("watched", StringComparison.Ordinal));

        line.ShouldNotBeNull().ShouldContain("ADDED");
        asked.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_paused_owner_is_passed_by_and_suspect()
    {
        using var api = cluster.Api("m1");
        (await api.PostAsync(Pools, Pool("paused", "10.23.0.0/24", 28))).Expect(201);
        var names = cluster.Names.ToArray();
        var host = Enumerable.Range(0, 100).Select(at => $"paused-{at}").First(host => Rendezvous.OwnerOf($"host:{host}", names) == "m2");
        (await api.PostAsync(Nodes, Node(host))).Expect(201);
        await AllAreThereAsync(api);
        await cluster.SignalAsync("m2", "STOP");
        try
        {
            (await api.PostAsync("/ipam/v1/assign", AssignFrom("paused", host))).Expect(200).Addresses("ipv4").ShouldHaveSingleItem();
            var members = (await api.GetAsync("/cluster/v1/members")).Expect(200).Json["items"]!.AsArray();
            ((bool)members.Single(member => (string)member!["name"]! == "m2")!["suspect"]!).ShouldBeTrue();
            var shown = await Exposition.OfAsync(api);
            shown.Value("ipam_member_suspected{member=\"m2\"}").ShouldBe(1);
            shown.Value("ipam_suspicions_total").ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(1);
            shown.Value("ipam_forwards_total{outcome=\"late\"}").ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(1);
        }
        finally
        {
            await cluster.SignalAsync("m2", "CONT");
        }

        (await ServersAsync("10.23.0.0/24")).ShouldBe(new Dictionary<string, string> { [host] = "m1" });
        var held = (await api.GetAsync($"/ipam/v1/addresses?host={host}")).Expect(200).Json["items"]!.AsArray();
        held.ShouldHaveSingleItem("what the paused member does when it wakes is recognised as a copy");
    }

    [Fact]
    public async Task The_command_line_shows_members_and_shards()
    {
        var (code, output, errors) = await Ipamctl.RunAsync(cluster.Url("m1"), "cluster", "show");
        code.ShouldBe(0, errors);
        output.ShouldContain("m1 *");
        foreach (var name in cluster.Names)
        {
            output.ShouldContain(name);
        }

        (code, output, errors) = await Ipamctl.RunAsync(cluster.Url("m3"), "sharding", "show");
        code.ShouldBe(0, errors);
        output.Split('\n').Count(line => line.StartsWith('m') && !line.Contains('-')).ShouldBe(3, output);
    }

    [Fact]
    public async Task The_command_line_moves_on_from_a_server_that_is_not_there()
    {
        using var closed = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        closed.Start();
        var nobody = closed.LocalEndpoint.ToString();
        closed.Stop();
        var (code, output, errors) = await Ipamctl.RunAsync($"http://{nobody},{cluster.Url("m2")}", "cluster", "show");
        code.ShouldBe(0, errors);
        output.ShouldContain("m2 *");
    }

    private static string AssignFrom(string pool, string host) => $$"""{"host":"{{host}}","handle":"handle-{{host}}","ipv4Pools":["{{pool}}"]}""";

    /// <summary>Waits until the member sees all of them alive and suspects nobody: on a busy machine a row may have been late, and who looks dead is asked for nothing.</summary>
    private static async Task AllAreThereAsync(Api api)
    {
        while ((await api.GetAsync("/cluster/v1/members")).Expect(200).Json["items"]!.AsArray().Any(member => (bool)member!["suspect"]! || (string)member["state"]! != "alive"))
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>For each host with a block in the range the member that wrote its latest row.</summary>
    private async Task<Dictionary<string, string>> ServersAsync(string range)
    {
        await using var command = cluster.Database.CreateCommand(
            "select b.owner, j.member from block b join journal j on j.stream = 'block/' || b.cidr::text and j.version = b.version where b.cidr <<= $1::cidr");
        command.Parameters.AddWithValue(range);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var served = new Dictionary<string, string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            served[reader.GetString(0)["host:".Length..]] = reader.GetString(1);
        }

        return served;
    }
}

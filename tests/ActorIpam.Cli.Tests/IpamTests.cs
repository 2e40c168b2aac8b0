using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

public sealed class IpamTests
{
    private const string Address = """{"address":"10.1.0.7","cidr":"10.1.0.7/26","block":"10.1.0.0/26","pool":"web","host":"n1","handle":"web-1","borrowed":true,"generation":4,"attributes":{"namespace":"shop","pod":"web-1"},"since":"2026-08-04T14:02:00Z"}""";

    private const string Routing = """
        {"routes":[{"destination":"10.1.0.0/26","kind":"blackhole","reason":"unused addresses of an own block"},
        {"destination":"10.1.1.0/26","kind":"vxlan","via":"10.1.1.0","device":"vxlan.calico","reason":"block of n2; VXLAN Always"}],
        "nat":{"masqueradeSources":["10.1.0.0/16"],"poolDestinations":[]},"warnings":["There is no Node n3: no route leads to what it holds."]}
        """;

    [Fact]
    public async Task Assign_asks_for_one_ipv4_address_and_prints_it()
    {
        await using var member = Answering("POST /ipam/v1/assign", 200, $$$"""{"ipv4":[{{{Address}}}],"ipv6":[],"messages":[]}""");

        var ran = await Ipamctl.RunAsync(member, "ipam", "assign", "--host", "n1", "--handle", "web-1", "--pool", "web", "--attribute", "pod=web-1");

        ran.ShouldBe(new(0, "ADDRESS       POOL   BLOCK         BORROWED\n10.1.0.7/26   web    10.1.0.0/26   yes\n\n", ""));
        member.Asked[0].ShouldContain("\"host\":\"n1\",\"handle\":\"web-1\",\"ipv4\":1,\"ipv6\":0,\"ipv4Pools\":[\"web\"],\"ipv6Pools\":[],\"use\":\"Workload\",\"attributes\":{\"pod\":\"web-1\"}");
    }

    [Fact]
    public async Task Fewer_than_asked_for_is_a_failure_that_shows_what_there_is()
    {
        await using var member = Answering("POST /ipam/v1/assign", 409, $$$"""{"ipv4":[{{{Address}}}],"messages":[],"error":{{{FakeMember.Status(409, "BlockLimit", "n1 owns its 20 blocks.")}}}}""");

        var ran = await Ipamctl.RunAsync(member, "ipam", "assign", "--host", "n1", "--ipv4", "2", "-o", "name");

        ran.ShouldBe(new(1, "10.1.0.7\n", "ipamctl: n1 owns its 20 blocks.\nipamctl: 1 of 2 addresses assigned.\n"));
    }

    [Fact]
    public async Task Pools_go_to_the_family_they_are_of()
    {
        await using var member = Answering("POST /ipam/v1/assign", 200, $$$"""{"ipv4":[{{{Address}}}],"ipv6":[{{{Address}}}]}""").WithPool("six", "fd00::/64").WithPool("web", "10.1.0.0/16");

        (await Ipamctl.RunAsync(member, "ipam", "assign", "--host", "n1", "--ipv4", "1", "--ipv6", "1", "--pool", "six", "--pool", "web", "--pool", "fd01::/64")).Exit.ShouldBe(0);

        member.Asked[^1].ShouldContain("\"ipv4Pools\":[\"web\"],\"ipv6Pools\":[\"six\",\"fd01::/64\"]");
    }

    [Fact]
    public async Task A_given_address_is_assigned_as_json()
    {
        await using var member = Answering("POST /ipam/v1/assign-ip", 200, Address);

        var ran = await Ipamctl.RunAsync(member, "ipam", "assign", "--host", "n1", "--ip", "10.1.0.7", "-o", "json");

        ran.Exit.ShouldBe(0);
        ran.Out.ShouldStartWith("{\n  \"address\": \"10.1.0.7\",\n  \"cidr\": \"10.1.0.7/26\",");
    }

    [Theory]
    [InlineData("Ask for at least one address: --ipv4 N, --ipv6 N.", "--ipv4", "0")]
    [InlineData("--ip names one address: leave --ipv4, --ipv6 and --pool out.", "--ip", "10.1.0.7", "--ipv4", "1")]
    [InlineData("--attribute takes K=V, not 'pod'.", "--attribute", "pod")]
    public async Task A_contradiction_is_told_before_anything_is_asked(string sentence, params string[] arguments) =>
        (await Ipamctl.RunAsync("http://127.0.0.1:1", "", ["ipam", "assign", "--host", "n1", .. arguments])).ShouldBe(new(1, "", $"ipamctl: {sentence}\n"));

    [Fact]
    public async Task Routes_are_a_table_and_what_is_missing_is_a_warning()
    {
        await using var member = Answering("GET /ipam/v1/routes/n1", 200, Routing);

        var ran = await Ipamctl.RunAsync(member, "ipam", "routes", "n1");

        ran.ShouldBe(new(
            0,
            "DESTINATION   KIND        VIA        DEVICE         REASON\n"
                + "10.1.0.0/26   blackhole   -          -              unused addresses of an own block\n"
                + "10.1.1.0/26   vxlan       10.1.1.0   vxlan.calico   block of n2; VXLAN Always\n\n"
                + "NAT from: 10.1.0.0/16\nNAT not to: none\n",
            "warning: There is no Node n3: no route leads to what it holds.\n"));
    }

    [Theory]
    [InlineData("json", "  \"routes\": [\n")]
    [InlineData("yaml", "- destination: 10.1.1.0/26\n")]
    public async Task Routes_are_printed_for_programs(string format, string part)
    {
        await using var member = Answering("GET /ipam/v1/routes/n1", 200, Routing);

        var ran = await Ipamctl.RunAsync(member, "ipam", "routes", "n1", "-o", format);

        (ran.Exit, ran.Error).ShouldBe((0, ""));
        ran.Out.ShouldContain(part);
        ran.Out.ShouldContain("There is no Node n3");
    }

    [Fact]
    public async Task Release_tells_what_was_released_and_fails_for_what_nobody_held()
    {
        await using var member = Answering("POST /ipam/v1/release", 200, """{"released":["10.1.0.7"],"unallocated":["10.1.0.8"],"errors":[{"ip":"10.1.0.9","code":"BadIp","message":"It is odd."}]}""");

        var ran = await Ipamctl.RunAsync(member, "ipam", "release", "--ip", "10.1.0.7", "--ip", "10.1.0.8", "--ip=10.1.0.9");

        ran.ShouldBe(new(1, "Released 10.1.0.7.\n", "ipamctl: 10.1.0.8 is not assigned.\nipamctl: 10.1.0.9: It is odd.\n"));
        member.Asked[0].ShouldContain("""{"addresses":[{"ip":"10.1.0.7"},{"ip":"10.1.0.8"},{"ip":"10.1.0.9"}],"requestId":""");
    }

    [Fact]
    public async Task Release_takes_a_handle()
    {
        await using var member = Answering("POST /ipam/v1/release-handle", 200, """{"released":["10.1.0.7","10.1.0.8"]}""");

        (await Ipamctl.RunAsync(member, "ipam", "release", "--handle", "web-1")).ShouldBe(new(0, "Released 10.1.0.7.\nReleased 10.1.0.8.\n", ""));
        (await Ipamctl.RunAsync(member, "ipam", "release")).ShouldBe(new(1, "", "ipamctl: Say what to release: --ip IP or --handle HANDLE.\n"));
    }

    [Fact]
    public async Task Show_tells_how_full_pools_and_blocks_are()
    {
        await using var member = Answering(
            "GET /ipam/v1/utilization?blocks=true",
            200,
            """
            {"items":[
              {"cidr":"10.1.0.0/16","name":"web","capacity":65536,"inUse":100,"reserved":256,"available":65180,"cooling":0,"borrowed":0,
               "blocks":[{"cidr":"10.1.0.0/26","capacity":64,"inUse":64,"reserved":0,"available":0,"cooling":0,"borrowed":0,"blocks":[]}]},
              {"cidr":"10.0.0.0/12","name":"wide","capacity":1048576,"inUse":0,"reserved":0,"available":1048576,"cooling":0,"borrowed":0,"blocks":[]},
              {"cidr":"","capacity":0,"inUse":0,"reserved":0,"available":0,"cooling":0,"borrowed":0,
               "blocks":[{"cidr":"10.7.0.0/26","capacity":64,"inUse":1,"reserved":0,"available":63,"cooling":0,"borrowed":0,"blocks":[]}]}]}
            """);

        (await Ipamctl.RunAsync(member, "ipam", "show", "--show-blocks")).ShouldBe(new(0, """
            +----------+-------------+------------+------------+--------------+-------------------+
            | GROUPING |    CIDR     | IPS TOTAL  | IPS IN USE | IPS RESERVED |     IPS FREE      |
            +----------+-------------+------------+------------+--------------+-------------------+
            | IP Pool  | 10.1.0.0/16 |      65536 | 100 (0%)   | 256 (0%)     | 65180 (99%)       |
            | Block    | 10.1.0.0/26 |         64 | 64 (100%)  | 0 (0%)       | 0 (0%)            |
            | IP Pool  | 10.0.0.0/12 | 1.0486e+06 | 0 (0%)     | 0 (0%)       | 1.0486e+06 (100%) |
            | Block    | 10.7.0.0/26 |         64 | 1 (2%)     | 0 (0%)       | 63 (98%)          |
            +----------+-------------+------------+------------+--------------+-------------------+

            """, ""));
    }

    [Fact]
    public async Task Show_tells_who_holds_an_address()
    {
        await using var member = Answering("GET /ipam/v1/addresses/10.1.0.7", 200, Address.Replace("{\"address\"", "{\"state\":\"assigned\",\"address\"", StringComparison.Ordinal));
        member.Answers["GET /ipam/v1/addresses/10.1.0.8"] = (200, """{"address":"10.1.0.8","state":"free","pool":"web"}""");

        (await Ipamctl.RunAsync(member, "ipam", "show", "--ip=10.1.0.7")).ShouldBe(new(0, """
            IP 10.1.0.7 is in use
            Pool: web
            Block: 10.1.0.0/26
            Host: n1 (borrowed)
            Handle: web-1
            Since: 2026-08-04T14:02:00+00:00
            Attributes:
              namespace: shop
              pod: web-1

            """, ""));
        (await Ipamctl.RunAsync(member, "ipam", "show", "--ip=10.1.0.8")).ShouldBe(new(0, "10.1.0.8 is not assigned\nPool: web\n", ""));
    }

    [Fact]
    public async Task Show_tells_what_is_borrowed()
    {
        await using var member = Answering("GET /ipam/v1/addresses?borrowed=true&limit=1000", 200, $$$"""{"items":[{{{Address}}}]}""");
        member.Answers["GET /ipam/v1/blocks"] = (200, """{"items":[{"cidr":"10.1.0.0/26","pool":"web","host":"n2","state":"owned","size":64,"free":63,"assigned":1,"cooling":0,"reserved":0,"hostReserved":0,"borrowed":1}]}""");

        (await Ipamctl.RunAsync(member, "ipam", "show", "--show-borrowed")).Out.ShouldBe("""
            +----------+----------------+-------------+-------------+------+--------------+
            |    IP    | BORROWING-NODE |    BLOCK    | BLOCK OWNER | TYPE | ALLOCATED-TO |
            +----------+----------------+-------------+-------------+------+--------------+
            | 10.1.0.7 | n1             | 10.1.0.0/26 | n2          | pod  | shop/web-1   |
            +----------+----------------+-------------+-------------+------+--------------+

            """);
    }

    [Fact]
    public async Task Show_tells_the_defaults_where_no_configuration_is_stored()
    {
        await using var member = new FakeMember();

        var ran = await Ipamctl.RunAsync(member, "ipam", "show", "--show-configuration");

        ran.Exit.ShouldBe(0);
        ran.Out.ShouldContain("|           PROPERTY           |  VALUE  |");
        ran.Out.ShouldContain("| StrictAffinity               | false   |");
        ran.Out.ShouldContain("| AutoAllocateBlocks           | true    |");
    }

    private static FakeMember Answering(string call, int code, string body)
    {
        var member = new FakeMember();
        member.Answers[call] = (code, body);
        return member;
    }
}

using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

/// <summary>What <c>ipam explain</c>, <c>ipam check</c> and dry runs print, and what they ask.</summary>
public sealed class ExplainIpamTests
{
    private const string Grant = """
        {"subject":"address 10.1.0.7","notes":["It is held by web-1 on n1."],"grants":[{"address":"10.1.0.7","handle":"web-1","host":"n1","generation":3,"from":"2026-08-04T14:02:00Z",
        "reason":{"why":"borrowed","message":"n1 was given it.","from":"n2"}}]}
        """;

    [Fact]
    public async Task An_address_is_asked_for_as_one_and_told_with_its_reason()
    {
        await using var member = new FakeMember();
        member.Answers["GET /ipam/v1/explain?ip=10.1.0.7"] = (200, Grant);
        (await Ipamctl.RunAsync(member, "ipam", "explain", "10.1.0.7")).ShouldBe(new(0, """
            address 10.1.0.7
              It is held by web-1 on n1.
            10.1.0.7 held by web-1 from 2026-08-04T14:02:00Z to now
              n1 was given it.

            """, ""));
    }

    [Fact]
    public async Task A_name_is_a_handle_unless_only_a_request_is_known_by_it()
    {
        await using var member = new FakeMember();
        member.Answers["GET /ipam/v1/explain?handle=r-1"] = (200, """{"subject":"handle r-1","notes":["It holds 0 addresses."]}""");
        member.Answers["GET /ipam/v1/explain?request=r-1"] = (200, """
            {"subject":"request r-1","decisions":[{"at":"2026-08-04T14:02:00Z","request":"r-1","handle":"web-1","host":"n1","outcome":"Exhausted","addresses":[],"message":"No address is left.","details":["IPv4: 0 of 1"]}]}
            """);
        (await Ipamctl.RunAsync(member, "ipam", "explain", "r-1")).ShouldBe(new(0, """
            request r-1
            2026-08-04T14:02:00Z Exhausted: request r-1 of web-1 on n1
              No address is left.
              IPv4: 0 of 1

            """, ""));
    }

    [Theory]
    [InlineData("ipam", "explain")]
    [InlineData("ipam", "explain", "10.1.0.7", "--handle", "web-1")]
    public async Task One_thing_must_be_named(params string[] arguments)
    {
        var ran = await Ipamctl.RunAsync(null, "", arguments);
        (ran.Exit, ran.Error).ShouldBe((1, "ipamctl: Name one thing: ipamctl ipam explain IP, HANDLE or REQUEST.\n"));
    }

    [Fact]
    public async Task A_repair_tells_what_was_written_and_what_is_left()
    {
        await using var member = new FakeMember();
        member.Answers["POST /ipam/v1/check/repair"] = (200, """
            {"progress":{"phase":"blocks","done":1,"problems":1}}
            {"repair":{"repaired":["block 10.1.0.0/26: its row was rebuilt from its stream"],"after":{"problems":[{"kind":"StreamBroken","subject":"block/10.1.0.64/26","message":"It is broken."}],"remarks":[],"blocks":2}}}
            """);
        var ran = await Ipamctl.RunAsync(member, "ipam", "check", "--repair", "--yes", "--fail");
        ran.Exit.ShouldBe(1);
        ran.Out.ShouldStartWith("Repaired block 10.1.0.0/26: its row was rebuilt from its stream.\n");
        ran.Out.ShouldContain("StreamBroken");
        ran.Out.ShouldContain("the journal contradicts itself");
    }

    [Fact]
    public async Task A_check_that_ends_early_is_a_failure()
    {
        await using var member = new FakeMember();
        member.Answers["GET /ipam/v1/check?progress=true"] = (200, """{"progress":{"phase":"blocks","done":1,"problems":0}}""");
        (await Ipamctl.RunAsync(member, "ipam", "check")).Exit.ShouldBe(1);
    }

    [Fact]
    public async Task A_dry_run_tells_the_addresses_on_standard_output_and_the_reasons_beside_them()
    {
        await using var member = new FakeMember();
        member.Answers["POST /ipam/v1/assign?dryRun=All"] = (200, """
            {"ipv4":[{"address":"10.1.0.7","cidr":"10.1.0.7/26","block":"10.1.0.0/26","generation":2,"since":"2026-08-04T14:02:00Z"}],
             "explanation":{"catalog":3,"families":[{"family":4,"wanted":1,"given":1,"pools":[{"pool":"web","cidr":"10.1.0.0/16","verdict":"Serves","reason":"the request names it"}],"morePools":0,"steps":["1 from block 10.1.0.0/26: own"],"addresses":[]}]}}
            """);
        (await Ipamctl.RunAsync(member, "ipam", "assign", "--host", "n1", "--dry-run", "-o", "name")).ShouldBe(new(0, "10.1.0.7\n", """
            IPv4: 1 of 1
              pool web (10.1.0.0/16): the request names it
              1 from block 10.1.0.0/26: own
            Nothing was assigned (dry run).

            """));
    }
}

using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

public sealed class WriteTests
{
    private const string Web = """
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata:
          name: web
        spec:
          cidr: 10.1.0.0/16

        """;

    private const string Moved = """
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata:
          name: web
        spec:
          cidr: 10.9.0.0/16

        """;

    private const string Db = """
        ---
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata:
          name: db
        spec:
          cidr: 10.2.0.0/16

        """;

    [Fact]
    public async Task Apply_creates_and_then_replaces()
    {
        await using var member = new FakeMember();

        (await RunAsync(member, Web, "apply", "-f", "-")).ShouldBe(new(0, "Applied 1 IPPool resource.\n", ""));
        (await RunAsync(member, Web + Db, "apply", "-f", "-")).ShouldBe(new(0, "Applied 2 IPPool resources.\n", ""));

        member.Asked.Select(a => a.Split(' ')[0]).ShouldBe(["POST", "POST", "PUT", "POST"]);
    }

    [Fact]
    public async Task What_the_member_refuses_is_shown_where_it_is_written_and_the_rest_goes_on()
    {
        await using var member = new FakeMember().WithPool("web", "10.1.0.0/16");

        var ran = await RunAsync(member, Moved + Db, "apply", "-f", "-");

        ran.Exit.ShouldBe(1);
        ran.Error.ShouldBe("-:6:9: IPPool 'web': spec.cidr cannot change.\nApplied 1 of 2 resources; 1 failed.\n");
        member.Asked[^1].ShouldStartWith("POST /apis/projectcalico.org/v3/ippools {\"apiVersion\":\"projectcalico.org/v3\",\"kind\":\"IPPool\",\"metadata\":{\"name\":\"db\"}");
    }

    [Fact]
    public async Task Create_refuses_what_exists_unless_it_may_be_skipped()
    {
        await using var member = new FakeMember().WithPool("web", "10.1.0.0/16");

        (await RunAsync(member, Web, "create", "-f", "-")).ShouldBe(new(1, "", "-:1:1: IPPool 'web': ippools/web exists.\n"));
        (await RunAsync(member, Web + Db, "create", "--skip-exists", "-f", "-")).ShouldBe(new(0, "Created 1 IPPool resource; 1 left as it is.\n", ""));
    }

    [Fact]
    public async Task Replace_needs_what_exists_in_the_version_the_file_names()
    {
        await using var member = new FakeMember();
        (await RunAsync(member, Web, "replace", "-f", "-")).Exit.ShouldBe(1);

        member.WithPool("web", "10.1.0.0/16");
        (await RunAsync(member, Web, "replace", "-f", "-")).Out.ShouldBe("Replaced 1 IPPool resource.\n");

        var stale = await RunAsync(member, Web.Replace("  name: web", "  name: web\n  resourceVersion: \"3\"", StringComparison.Ordinal), "replace", "-f", "-");
        stale.ShouldBe(new(1, "", "-:1:1: IPPool 'web': ippools/web has changed.\n"));
    }

    [Fact]
    public async Task Delete_takes_names_or_files()
    {
        await using var member = new FakeMember().WithPool("web", "10.1.0.0/16").WithPool("db", "10.2.0.0/16");

        (await RunAsync(member, "", "delete", "ippool", "web")).ShouldBe(new(0, "Deleted 1 IPPool resource.\n", ""));
        (await RunAsync(member, "", "delete", "ippool", "web")).ShouldBe(new(1, "", "ipamctl: ippools/web does not exist.\n"));
        (await RunAsync(member, "", "delete", "ippool", "web", "--skip-not-exists")).Exit.ShouldBe(0);
        (await RunAsync(member, Db, "delete", "-f", "-")).Out.ShouldBe("Deleted 1 IPPool resource.\n");
        (await RunAsync(member, "", "delete", "ippool")).Error.ShouldBe("ipamctl: Name what to delete: ipamctl delete ippool NAME.\n");
    }

    [Fact]
    public async Task Input_that_cannot_be_read_stops_everything_before_the_first_call()
    {
        await using var member = new FakeMember();

        var ran = await RunAsync(member, Web + Db + "  nonsense: 1\n", "apply", "-f", "-");

        ran.ShouldBe(new(1, "", "-:14:3: spec.nonsense is no known field.\nipamctl: the input has 1 problem; nothing was done.\n"));
        member.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Empty_input_is_a_failure_unless_it_may_be_skipped()
    {
        await using var member = new FakeMember();

        (await RunAsync(member, "# nothing\n", "apply", "-f", "-")).ShouldBe(new(1, "", "ipamctl: There are no resources in -.\n"));
        (await RunAsync(member, "# nothing\n", "apply", "-f", "-", "--skip-empty")).ShouldBe(new(0, "", ""));
        (await RunAsync(member, "", "apply")).Error.ShouldBe("ipamctl: Name the definitions: -f FILE, -f FOLDER or -f -.\n");
        (await RunAsync(member, Web, "apply", "-f", "-", "-n", "default")).Error.ShouldBe("ipamctl: All kinds are cluster-wide: leave -n out.\n");
    }

    [Fact]
    public async Task Validate_asks_nobody()
    {
        (await Ipamctl.RunAsync("http://127.0.0.1:1", Web + Db, ["validate", "-f", "-"])).ShouldBe(new(0, "Validated 2 IPPool resources.\n", ""));

        var bad = await Ipamctl.RunAsync("http://127.0.0.1:1", Web.Replace("/16", "/16\n  blockSize: 64", StringComparison.Ordinal) + Db, ["validate", "-f", "-"]);
        bad.Exit.ShouldBe(1);
        bad.Error.ShouldBe("-:7:14: IPPool 'web': spec.blockSize must be 20 to 32 for IPv4, not 64.\nValidated 1 of 2 resources; 1 failed.\n");

        var noted = await Ipamctl.RunAsync("http://127.0.0.1:1", Web.Replace("name: web", "name: Web_1", StringComparison.Ordinal), ["validate", "-f", "-"]);
        noted.Exit.ShouldBe(0);
        noted.Error.ShouldStartWith("-:4:9: metadata.name: note: The name 'Web_1' is refused by other Calico tools");
    }

    private static Task<Ipamctl.Ran> RunAsync(FakeMember member, string input, params string[] arguments) => Ipamctl.RunAsync(member.Url, input, arguments);
}

using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

public sealed class GetTests
{
    [Theory]
    [InlineData("ippool", "ippools")]
    [InlineData("IPPool", "ippools")]
    [InlineData("ipp", "ippools")]
    [InlineData("POOLS", "ippools")]
    [InlineData("no", "nodes")]
    [InlineData("nos", "nodes")]
    [InlineData("reservation", "ipreservations")]
    [InlineData("ipamconfig", "ipamconfigurations")]
    public async Task A_kind_has_many_names(string typed, string plural)
    {
        await using var member = new FakeMember();

        (await Ipamctl.RunAsync(member, "get", typed)).Exit.ShouldBe(0);

        member.Asked.ShouldBe([$"GET /apis/projectcalico.org/v3/{plural}"]);
    }

    [Fact]
    public async Task Pools_are_a_table_with_calicoctls_columns()
    {
        await using var member = new FakeMember().WithPool("web", "10.1.0.0/16").WithPool("database", "10.2.0.0/16");

        (await Ipamctl.RunAsync(member, "get", "ippool")).Out.ShouldBe("""
            NAME       CIDR          SELECTOR
            database   10.2.0.0/16   all()
            web        10.1.0.0/16   all()


            """);
        (await Ipamctl.RunAsync(member, "get", "ippool", "web", "-o", "wide")).Out.ShouldBe("""
            NAME   CIDR          NAT    IPIPMODE   VXLANMODE   DISABLED   DISABLEBGPEXPORT   SELECTOR
            web    10.1.0.0/16   true   Always     Never       false      false              all()


            """);
        (await Ipamctl.RunAsync(member, "get", "ippool", "-o", "custom-columns=NAME,NAT")).Out.ShouldStartWith("NAME       NAT\ndatabase   true\n");
        (await Ipamctl.RunAsync(member, "get", "ippool", "web", "database")).Out.ShouldBe("""
            NAME   CIDR          SELECTOR
            web    10.1.0.0/16   all()

            NAME       CIDR          SELECTOR
            database   10.2.0.0/16   all()


            """);
    }

    [Fact]
    public async Task Other_kinds_have_their_columns_too()
    {
        var reserved = string.Join(',', Enumerable.Range(0, 20).Select(i => $"\"10.1.{i}.0/24\""));
        await using var member = new FakeMember()
            .With("""{"apiVersion":"projectcalico.org/v3","kind":"Node","metadata":{"name":"n1"},"spec":{"bgp":{"ipv4Address":"10.0.0.1/24","asNumber":64512}}}""")
            .With($$$"""{"apiVersion":"projectcalico.org/v3","kind":"IPReservation","metadata":{"name":"r"},"spec":{"reservedCIDRs":[{{{reserved}}}]}}""")
            .With("""{"apiVersion":"projectcalico.org/v3","kind":"IPAMConfiguration","metadata":{"name":"default"},"spec":{"strictAffinity":true}}""");

        (await Ipamctl.RunAsync(member, "get", "node")).Out.ShouldBe("NAME\nn1\n\n");
        (await Ipamctl.RunAsync(member, "get", "node", "-o", "wide")).Out.ShouldBe("NAME   ASN     IPV4          IPV6\nn1     64512   10.0.0.1/24\n\n");
        (await Ipamctl.RunAsync(member, "get", "ipamconfig")).Out.ShouldBe("NAME      STRICTAFFINITY   AUTOALLOCATEBLOCKS\ndefault   true             true\n\n");
        (await Ipamctl.RunAsync(member, "get", "ipamconfig", "-o", "wide")).Out.ShouldStartWith("NAME      STRICTAFFINITY   AUTOALLOCATEBLOCKS   MAXBLOCKSPERHOST\n");
        var cidrs = (await Ipamctl.RunAsync(member, "get", "ipreservation", "-o", "wide")).Out.Split('\n')[1]["r      ".Length..];
        cidrs.Length.ShouldBe(80);
        cidrs.ShouldEndWith("...");
    }

    [Fact]
    public async Task One_is_an_object_several_are_an_array_and_a_kind_is_a_list()
    {
        await using var member = new FakeMember().WithPool("web", "10.1.0.0/16").WithPool("db", "10.2.0.0/16");

        (await Ipamctl.RunAsync(member, "get", "ippool", "web", "-o", "yaml")).Out.ShouldStartWith("apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata:\n  name: web\n");
        (await Ipamctl.RunAsync(member, "get", "ippool", "web", "db", "-o", "yaml")).Out.ShouldStartWith("- apiVersion: projectcalico.org/v3\n  kind: IPPool\n");
        (await Ipamctl.RunAsync(member, "get", "ippool", "-o", "yaml")).Out.ShouldStartWith("apiVersion: projectcalico.org/v3\nkind: IPPoolList\nmetadata:\n  resourceVersion: \"42\"\nitems:\n- apiVersion:");
        (await Ipamctl.RunAsync(member, "get", "ippool", "web", "-o", "json")).Out.ShouldStartWith("{\n  \"apiVersion\": \"projectcalico.org/v3\",");
        (await Ipamctl.RunAsync(member, "get", "ippool", "-o", "name")).Out.ShouldBe("ippool.projectcalico.org/db\nippool.projectcalico.org/web\n");
    }

    [Fact]
    public async Task An_exported_resource_holds_only_what_is_the_users()
    {
        await using var member = new FakeMember().WithPool("web", "10.1.0.0/16");

        var plain = await Ipamctl.RunAsync(member, "get", "ippool", "web", "-o", "yaml");
        var exported = await Ipamctl.RunAsync(member, "get", "ippool", "web", "-o", "yaml", "--export");

        foreach (var field in new[] { "uid:", "resourceVersion:", "creationTimestamp:" })
        {
            plain.Out.ShouldContain(field);
            exported.Out.ShouldNotContain(field);
        }
    }

    [Theory]
    [InlineData("There is no kind 'bogus': use ippool, node, ipreservation, ipamconfiguration.", "get", "bogus")]
    [InlineData("IPPool has no column 'BOGUS': there are NAME, CIDR,", "get", "ippool", "-o", "custom-columns=BOGUS")]
    [InlineData("-o custom-columns needs headings: -o custom-columns=NAME,CIDR.", "get", "ippool", "-o", "custom-columns")]
    [InlineData("There is no output format 'nonsense'", "get", "ippool", "-o", "nonsense")]
    [InlineData("IPPool is cluster-wide: leave -n out.", "get", "ippool", "-n", "default")]
    [InlineData("Say what to show: ipamctl get KIND [NAME…], or -f FILE.", "get")]
    public async Task What_cannot_be_shown_is_told_and_nothing_is_asked(string sentence, params string[] arguments)
    {
        await using var member = new FakeMember();

        var ran = await Ipamctl.RunAsync(member, arguments);

        ran.Exit.ShouldBe(1);
        ran.Out.ShouldBeEmpty();
        ran.Error.ShouldStartWith($"ipamctl: {sentence}");
        member.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_missing_name_fails_and_the_others_are_shown()
    {
        await using var member = new FakeMember().WithPool("web", "10.1.0.0/16");

        var ran = await Ipamctl.RunAsync(member, "get", "ippool", "missing", "web", "-o", "name");

        ran.ShouldBe(new(1, "ippool.projectcalico.org/web\n", "ipamctl: ippools/missing does not exist.\n"));
    }

    [Fact]
    public async Task When_nobody_answers_one_sentence_says_where()
    {
        var ran = await Ipamctl.RunAsync("http://127.0.0.1:1", "", ["get", "ippool"]);

        ran.ShouldBe(new(1, "", "ipamctl: No server answers at http://127.0.0.1:1: connection refused.\n"));
    }
}

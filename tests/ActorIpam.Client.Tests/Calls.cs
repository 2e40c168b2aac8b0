using System.Net.Sockets;
using ActorIpam.Client.Http;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using Shouldly;
using Xunit;

namespace ActorIpam.Client.Tests;

public sealed class Calls
{
    private const string Nobody = "http://127.0.0.1:1";
    private const string WebJson = """{"apiVersion":"projectcalico.org/v3","kind":"IPPool","metadata":{"name":"web","resourceVersion":"7"},"spec":{"cidr":"10.1.0.0/16"}}""";
    private const string AssignJson = """{"ipv4":[],"ipv6":[],"messages":[],"new":"unknown to this client"}""";

    [Fact]
    public async Task A_resource_is_read_from_where_kubernetes_keeps_it()
    {
        await using var member = new Member(_ => (200, WebJson));
        using var client = Client(member.Url, token: "secret");

        var pool = await client.Resources.GetAsync(ResourceKind.IPPool, "web", TestContext.Current.CancellationToken);

        pool.ShouldBeOfType<IpPool>().Spec.Cidr.ShouldBe("10.1.0.0/16");
        member.Asked[0].ShouldStartWith("GET /apis/projectcalico.org/v3/ippools/web HTTP/1.1");
        member.Asked[0].ShouldContain("Authorization: Bearer secret");
    }

    [Fact]
    public async Task A_list_is_read_to_its_last_page()
    {
        await using var member = new Member(request => (200, request.Contains("continue=b%2F1", StringComparison.Ordinal)
            ? $$$"""{"metadata":{"resourceVersion":"9"},"items":[{{{WebJson}}}]}"""
            : $$$"""{"metadata":{"resourceVersion":"9","continue":"b/1"},"items":[{{{WebJson}}}]}"""));
        using var client = Client(member.Url);

        var list = await client.Resources.ListAsync(ResourceKind.IPPool, TestContext.Current.CancellationToken);

        list.Items.Length.ShouldBe(2);
        list.ResourceVersion.ShouldBe(9);
    }

    [Fact]
    public async Task A_delete_may_demand_a_version()
    {
        await using var member = new Member(_ => (200, "{}"));
        using var client = Client(member.Url);

        await client.Resources.DeleteAsync(ResourceKind.Node, "n 1", 7, dryRun: true, TestContext.Current.CancellationToken);

        member.Asked[0].ShouldStartWith("DELETE /apis/projectcalico.org/v3/nodes/n%201?dryRun=All ");
        member.Asked[0].ShouldEndWith("""{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"resourceVersion":"7"}}""");
    }

    [Fact]
    public async Task A_refusal_is_thrown_with_the_members_sentence()
    {
        await using var member = new Member(_ => (409, """{"kind":"Status","message":"IPPool 'web' exists.","reason":"AlreadyExists","code":409,"details":{"causes":[{"reason":"AlreadyExists","message":"x"}]}}"""));
        using var client = Client(member.Url);

        var no = await Should.ThrowAsync<ApiException>(() => client.Resources.CreateAsync(new IpPool(new("web"), new() { Cidr = "10.1.0.0/16" })));

        no.Message.ShouldBe("IPPool 'web' exists.");
        no.Is(RefusalCode.AlreadyExists).ShouldBeTrue();
    }

    [Fact]
    public async Task An_answer_of_something_else_is_shown_as_what_it_is()
    {
        await using var member = new Member(_ => (502, "<html>\n bad gateway"));
        using var client = Client(member.Url);

        (await Should.ThrowAsync<ApiException>(() => client.ReadyAsync())).Message.ShouldBe($"{member.Url} answered 502: <html> bad gateway");
    }

    [Fact]
    public async Task When_one_member_is_not_there_the_next_is_asked()
    {
        await using var member = new Member(_ => (200, AssignJson));
        using var client = Client($"{Nobody},{member.Url}");

        await client.Addresses.ReleaseAsync(new(), TestContext.Current.CancellationToken);

        member.Asked.ShouldHaveSingleItem().ShouldStartWith("POST /ipam/v1/release ");
    }

    [Fact]
    public async Task When_none_is_there_the_sentence_names_all_of_them()
    {
        using var client = Client($"{Nobody},unix:/nowhere/ipam.sock");

        var gone = await Should.ThrowAsync<ServerUnreachableException>(() => client.HealthyAsync());

        gone.Message.ShouldStartWith($"No server answers at {Nobody}, unix:/nowhere/ipam.sock: ");
        gone.OutcomeUnknown.ShouldBeFalse();
    }

    [Fact]
    public async Task An_assignment_that_met_silence_is_sent_to_the_next_member_under_the_same_name()
    {
        await using var silent = new Member(_ => null);
        await using var member = new Member(_ => (200, AssignJson));
        using var client = Client($"{silent.Url},{member.Url}");

        await client.Addresses.AssignAsync(new() { Host = "n1", Ipv4 = 1 }, TestContext.Current.CancellationToken);

        RequestId(member.Asked[0]).ShouldBe(RequestId(silent.Asked[0]));
    }

    [Fact]
    public async Task A_release_that_met_silence_is_sent_to_the_next_member_under_the_same_name()
    {
        await using var silent = new Member(_ => null);
        await using var member = new Member(_ => (200, """{"released":["10.1.0.1"]}"""));
        using var client = Client($"{silent.Url},{member.Url}");

        await client.Addresses.ReleaseAsync(new() { Addresses = [new("10.1.0.1")] }, TestContext.Current.CancellationToken);

        RequestId(member.Asked[0]).ShouldBe(RequestId(silent.Asked[0]));
    }

    [Fact]
    public async Task A_member_that_cannot_answer_now_is_passed_by_and_the_one_that_answered_is_asked_first_from_then_on()
    {
        await using var unavailable = new Member(_ => (503, """{"kind":"Status","message":"Not now.","code":503}"""));
        await using var member = new Member(_ => (200, AssignJson));
        using var client = Client($"{unavailable.Url},{member.Url}");

        for (var time = 0; time < 3; time++)
        {
            await client.Addresses.AssignAsync(new() { Host = "n1", Ipv4 = 1 }, TestContext.Current.CancellationToken);
        }

        unavailable.Asked.ShouldHaveSingleItem();
        member.Asked.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_creation_that_met_silence_is_not_sent_again()
    {
        await using var silent = new Member(_ => null);
        await using var member = new Member(_ => (200, WebJson));
        using var client = Client($"{silent.Url},{member.Url}");

        var gone = await Should.ThrowAsync<ServerUnreachableException>(() => client.Resources.CreateAsync(new IpPool(new("web"), new())));

        gone.OutcomeUnknown.ShouldBeTrue();
        gone.Message.ShouldContain(silent.Url);
        gone.Message.ShouldEndWith("Nobody knows whether it was done; look before you repeat it.");
        member.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_partial_assignment_is_an_answer()
    {
        await using var member = new Member(_ => (409, """{"ipv4":[{"address":"10.1.0.1","cidr":"10.1.0.1/26","block":"10.1.0.0/26","since":"2026-08-04T14:02:00Z"}],"error":{"kind":"Status","message":"Enough.","code":409}}"""));
        using var client = Client(member.Url);

        var reply = await client.Addresses.AssignAsync(new() { Host = "n1", Ipv4 = 2 }, TestContext.Current.CancellationToken);

        reply.Ipv4.ShouldHaveSingleItem().Address.ShouldBe("10.1.0.1");
        reply.Error!.Message.ShouldBe("Enough.");
    }

    [Fact]
    public async Task A_member_answers_on_a_unix_socket()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("client").FullName, "ipam.sock");
        await using var member = new Member(_ => (200, ""), new UnixDomainSocketEndPoint(path));
        using var client = Client($"unix:{path}");

        await client.ReadyAsync(TestContext.Current.CancellationToken);

        member.Asked[0].ShouldStartWith("GET /readyz ");
    }

    [Theory]
    [InlineData("ftp://h", "'ftp://h' is not the address of a server: write http://HOST:PORT, https://HOST:PORT or unix:/PATH.")]
    [InlineData("unix:relative", "'unix:relative' is not the address of a server: write http://HOST:PORT, https://HOST:PORT or unix:/PATH.")]
    [InlineData("http://h,nonsense", "'nonsense' is not the address of a server: write http://HOST:PORT, https://HOST:PORT or unix:/PATH.")]
    [InlineData(" , ", "No server is named: write http://HOST:PORT, https://HOST:PORT or unix:/PATH.")]
    public void What_is_no_address_of_a_server_is_told(string text, string sentence)
    {
        ServerAddress.TryParseList(text, out _, out var why).ShouldBeFalse();
        why.ShouldBe(sentence);
    }

    private static string RequestId(string request) => request.Split("\"requestId\":\"")[1].Split('"')[0];

    private static IpamClient Client(string servers, string? token = null)
    {
        ServerAddress.TryParseList(servers, out var addresses, out _).ShouldBeTrue();
        return new(new() { Servers = addresses, Token = token, RequestTimeout = TimeSpan.FromSeconds(5) });
    }
}

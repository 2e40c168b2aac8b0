using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd;

/// <summary>How the process starts, stops and starts again (api.md §1).</summary>
public sealed class LifeTests
{
    private int _granted;

    [Fact]
    public async Task A_restart_keeps_everything()
    {
        await using var serving = new Serving();
        await serving.StartAsync();
        (await serving.Api.PostAsync(Nodes, Node("rack-1"))).Expect(201);
        (await serving.Api.PostAsync(Pools, Pool("blue", "10.1.0.0/24"))).Expect(201);
        (await serving.Api.PostAsync("/ipam/v1/assign", Assign("rack-1", "web", ipv4: 3, requestId: "r1"))).Expect(200);
        var (pools, addresses, blocks) = await StateAsync();

        (await serving.Member.StopAsync()).ShouldBe(0);
        await serving.RestartAsync();

        (await StateAsync()).ShouldBe((pools, addresses, blocks));
        (await serving.Api.PostAsync("/ipam/v1/assign", Assign("rack-1", "web", ipv4: 3, requestId: "r1"))).Expect(200).Addresses("ipv4").Count().ShouldBe(3);
        (await StateAsync()).ShouldBe((pools, addresses, blocks));

        async Task<(string, string, string)> StateAsync() => (
            (await serving.Api.GetAsync(Pools)).Expect(200).Text,
            (await serving.Api.GetAsync("/ipam/v1/addresses")).Expect(200).Text,
            (await serving.Api.GetAsync("/ipam/v1/blocks")).Expect(200).Text);
    }

    [Fact]
    public async Task A_second_process_on_the_same_file_is_refused_in_one_line()
    {
        await using var serving = new Serving();
        await serving.StartAsync();

        var (code, output, errors) = await MemberProcess.RunAsync("--journal", serving.Workspace.Journal, "--listen", "http://127.0.0.1:0");

        (code, output).ShouldBe((1, ""));
        errors.ShouldStartWith("ipamd: ");
        errors.Split('\n').Length.ShouldBe(1);
        (await serving.Api.GetAsync("/readyz")).Expect(200);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_one_line()
    {
        await using var serving = new Serving();
        await serving.StartAsync();

        var (code, output, errors) = await MemberProcess.RunAsync("--journal", "memory:", "--listen", serving.Member.Url.ToString());

        (code, output).ShouldBe((1, ""));
        errors.Split('\n').Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("--listen", "http://0.0.0.0:7080")]
    [InlineData("--listen", "https://127.0.0.1:7080")]
    [InlineData("--listen", "7080")]
    [InlineData("--journal", "oracle:db")]
    [InlineData("--journal", "sqlite:x.db?size=7")]
    [InlineData("--log-level", "loud")]
    [InlineData("--apply", "/does/not/exist")]
    [InlineData("--config", "/does/not/exist.json")]
    public async Task A_bad_option_is_one_line_and_exit_2(string option, string value)
    {
        var (code, output, errors) = await MemberProcess.RunAsync(option, value);

        (code, output).ShouldBe((2, ""));
        errors.ShouldStartWith("ipamd: ");
        errors.Split('\n').Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_file_of_settings_takes_texts_and_numbers_and_comments()
    {
        using var workspace = new Workspace();
        var file = workspace.Write("ipamd.json", """{"journal": "memory:", "history-retention": 48.5, /* calls a second */ "rate-limit": 200,}""");
        await using (var member = await MemberProcess.StartAsync("--config", file))
        {
            (await member.StopAsync()).ShouldBe(0);
        }

        // What is on the command line wins.
        (await MemberProcess.RunAsync("--config", file, "--journal", "oracle:db")).Code.ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"history-retention": 1}""", "--history-retention: '1' is not a number of hours")]
    [InlineData("""{"listen": true}""", "'listen' must be a text or a number.")]
    [InlineData("""{"listen": null}""", "'listen' must be a text or a number.")]
    [InlineData("""{"hear": "http://127.0.0.1:0"}""", "there is no setting 'hear'.")]
    [InlineData("""{"listen"}""", "this is not JSON.")]
    public async Task A_bad_file_of_settings_is_one_line_and_exit_2(string settings, string complaint)
    {
        using var workspace = new Workspace();

        var (code, output, errors) = await MemberProcess.RunAsync("--config", workspace.Write("ipamd.json", settings));

        (code, output).ShouldBe((2, ""));
        errors.ShouldStartWith("ipamd: ");
        errors.ShouldContain(complaint);
        errors.Split('\n').Length.ShouldBe(1);
    }

    [Fact]
    public async Task Requests_in_flight_are_finished_when_it_is_asked_to_stop()
    {
        await using var serving = new Serving();
        await serving.StartAsync();
        (await serving.Api.PostAsync(Nodes, Node("rack-1"))).Expect(201);
        (await serving.Api.PostAsync(Pools, Pool("blue", "10.1.0.0/16"))).Expect(201);

        // The head of a request is in, its body is not: the member has begun and must finish.
        await using var slow = await SlowPost.BeginAsync(serving.Member.Url, "/ipam/v1/assign", Assign("rack-1", "web"));
        await serving.Member.AskToStopAsync();
        var answer = await slow.FinishAsync();

        answer.ShouldStartWith("HTTP/1.1 200 ");
        (await serving.Member.ExitAsync()).ShouldBe(0);
        await serving.RestartAsync();
        (await serving.Api.GetAsync("/ipam/v1/addresses?handle=web")).Expect(200).Json["items"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_unix_socket_serves_the_same_api_to_owner_and_group_only()
    {
        await using var serving = new Serving();
        var socket = serving.Workspace.At("run/ipam.sock");
        await serving.StartAsync("--socket", socket);

        using (var local = Api.OverSocket(socket))
        {
            (await local.GetAsync("/healthz")).Expect(200);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(socket).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        }

        // A killed member leaves its socket behind; the next one takes its place.
        await serving.Member.KillAsync();
        File.Exists(socket).ShouldBeTrue();
        await serving.StartAsync("--socket", socket);
        using var again = Api.OverSocket(socket);
        (await again.GetAsync("/readyz")).Expect(200);
    }

    [Fact]
    public async Task A_full_disk_is_told_and_ends_when_there_is_room()
    {
        await using var serving = new Serving();
        await using (var small = await MemberProcess.StartAsync("--journal", serving.Workspace.Journal + "?max_pages=60"))
        {
            using var api = new Api(small.Url);
            (await api.PostAsync(Nodes, Node("rack-1"))).Expect(201);
            (await api.PostAsync(Pools, Pool("blue", "10.1.0.0/16"))).Expect(201);
            var reply = await UntilFullAsync(api);

            reply.Expect(507);
            reply.Text.ShouldNotContain("   at ");
            (await api.GetAsync("/ipam/v1/addresses?limit=10000")).Expect(200).Json["items"]!.AsArray().Count.ShouldBe(_granted);
            (await small.StopAsync()).ShouldBe(0);
        }

        await serving.StartAsync();
        (await serving.Api.GetAsync("/ipam/v1/addresses?limit=10000")).Expect(200).Json["items"]!.AsArray().Count.ShouldBe(_granted);
        (await serving.Api.PostAsync("/ipam/v1/assign", Assign("rack-1", "after"))).Expect(200).Addresses("ipv4").Count().ShouldBe(1);
    }

    private async Task<Reply> UntilFullAsync(Api api)
    {
        for (var i = 0; i < 1_000; i++)
        {
            var reply = await api.PostAsync("/ipam/v1/assign", Assign("rack-1", $"web-{i}", ipv4: 8));
            if (reply.Code != 200)
            {
                return reply;
            }

            _granted += reply.Addresses("ipv4").Count();
        }

        throw new InvalidOperationException("The journal never filled up.");
    }
}

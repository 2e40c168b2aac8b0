using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

public sealed class SplitTests
{
    private const string Done = """{"done":true,"pools":["split-web-0","split-web-1"],"created":2,"moved":1}""";

    [Theory]
    [InlineData("split", "2")]
    [InlineData("split", "2", "--name=web", "--cidr=10.0.0.0/24")]
    [InlineData("split", "--name=web")]
    public async Task The_pool_and_the_number_of_parts_are_needed(params string[] arguments) =>
        (await Ipamctl.RunAsync("http://127.0.0.1:1", "", ["ipam", .. arguments])).Exit.ShouldBe(1);

    [Fact]
    public async Task The_names_of_the_parts_are_all_that_a_pipe_gets()
    {
        await using var member = new FakeMember();
        member.Answers["POST /ipam/v1/split"] = (200, Done);

        (await Ipamctl.RunAsync(member, "ipam", "split", "2", "--name=web")).ShouldBe(new(0, "split-web-0\nsplit-web-1\n", ""));

        member.Asked[0].ShouldContain("\"pool\":\"web\",\"parts\":2");
    }

    [Fact]
    public async Task A_terminal_sees_how_far_it_is()
    {
        await using var member = new FakeMember();
        member.Answers["POST /ipam/v1/split"] = (200, Done);

        var ran = await Ipamctl.RunAsync(member.Url, "", ["ipam", "split", "2", "--cidr=10.0.0.0/24"], terminal => terminal with { IsInteractive = true });

        ran.Error.ShouldBe("\r2 of 2 pools, 1 blocks moved\n");
    }

    [Fact]
    public async Task A_split_that_never_ends_is_given_up()
    {
        await using var member = new FakeMember();
        member.Answers["POST /ipam/v1/split"] = (200, """{"done":false,"pools":["split-web-0","split-web-1"],"created":2,"moved":0}""");

        var ran = await Ipamctl.RunAsync(member, "ipam", "split", "2", "--name=web");

        ran.Exit.ShouldBe(1);
        ran.Error.ShouldContain("run this again later");
    }
}

using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

public sealed class ReadyTests
{
    [Fact]
    public async Task A_member_that_can_commit_is_ready()
    {
        await using var member = new FakeMember();
        member.Answers["GET /readyz"] = (200, "ok");

        (await Ipamctl.RunAsync(member, "ready")).ShouldBe(new(0, "ready\n", ""));
    }

    [Fact]
    public async Task One_that_cannot_is_not_and_the_reason_is_told()
    {
        await using var member = new FakeMember();
        member.Answers["GET /readyz"] = (503, """{"kind":"Status","status":"Failure","code":503,"message":"The journal does not take writes."}""");

        (await Ipamctl.RunAsync(member, "ready")).ShouldBe(new(1, "", "ipamctl: The journal does not take writes.\n"));
    }

    [Fact]
    public async Task Who_waits_asks_again()
    {
        await using var member = new FakeMember();
        member.Answers["GET /readyz"] = (503, """{"kind":"Status","status":"Failure","code":503,"message":"Not yet."}""");
        var looks = 0;

        var ran = await Ipamctl.RunAsync(member.Url, "", ["ready", "--wait", "5"], terminal => terminal with
        {
            Wait = (_, _) =>
            {
                member.Answers["GET /readyz"] = ++looks < 3 ? member.Answers["GET /readyz"] : (200, "ok");
                return Task.CompletedTask;
            },
        });

        ran.ShouldBe(new(0, "ready\n", ""));
        looks.ShouldBe(3);
    }

    [Fact]
    public async Task Nobody_waits_longer_than_was_said()
    {
        var looks = 0;

        var ran = await Ipamctl.RunAsync("http://127.0.0.1:1", "", ["ready", "--wait", "2"], terminal => terminal with
        {
            Wait = (_, _) =>
            {
                looks++;
                return Task.CompletedTask;
            },
        });

        ran.Exit.ShouldBe(1);
        ran.Error.ShouldContain("No server answers at http://127.0.0.1:1");
        looks.ShouldBe(8);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("3601")]
    [InlineData("NaN")]
    public async Task A_wait_has_bounds(string seconds) =>
        (await Ipamctl.RunAsync("http://127.0.0.1:1", "", ["ready", $"--wait={seconds}"])).Error.ShouldContain("0 to 3600");
}

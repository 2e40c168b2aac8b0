using ActorIpam.Cli.Bench;
using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

/// <summary>What a measurement refuses, counts and finds. How fast a member is, is bench/compare.sh's business.</summary>
public sealed class BenchTests
{
    private const string Granted = """{"ipv4":[{"address":"10.64.0.7","cidr":"10.64.0.7/26","block":"10.64.0.0/26","generation":1}]}""";

    [Theory]
    [InlineData("There is no workload 'sprint': use assign, one-host, borrow, release, release-final, mixed.", "--workload", "sprint")]
    [InlineData("--clients takes a number from 1 to 1000.", "--clients", "0")]
    [InlineData("--hosts takes a number from 1 to 1000.", "--hosts", "1001")]
    [InlineData("--duration takes seconds, from 0.1 to 3600.", "--duration", "0")]
    [InlineData("--route is any or owner, not 'random'.", "--route", "random")]
    [InlineData("--pool 10.0.0.0: write a range, such as 10.64.0.0/10.", "--pool", "10.0.0.0")]
    [InlineData("--cpu member: write NAME=PID", "--cpu", "member")]
    public async Task What_cannot_be_measured_is_refused(string why, params string[] options)
    {
        var ran = await Ipamctl.RunAsync("http://127.0.0.1:1", "", ["bench", .. options]);
        ran.Exit.ShouldBe(1);
        ran.Out.ShouldBeEmpty();
        ran.Error.ShouldStartWith($"ipamctl: {why}");
    }

    [Fact]
    public async Task An_address_that_is_granted_to_two_is_found_and_ends_with_one()
    {
        await using var member = Member();
        member.Answers["POST /ipam/v1/assign"] = (200, Granted);

        var ran = await Ipamctl.RunAsync(member, "bench", "--hosts", "1", "--clients", "1", "--most", "2", "--duration", "0.1", "--warm-up", "0", "--keep");

        ran.Exit.ShouldBe(1);
        ran.Error.ShouldContain("10.64.0.7 was granted to bench-");
    }

    [Fact]
    public async Task Refusals_are_counted_by_code_and_a_run_that_does_nothing_ends_with_one()
    {
        await using var member = Member();
        member.Answers["POST /ipam/v1/assign"] = (503, """{"kind":"Status","apiVersion":"v1","status":"Failure","message":"The journal does not answer.","code":503}""");

        var ran = await Ipamctl.RunAsync(member, "bench", "--hosts", "1", "--clients", "1", "--duration", "0.1", "--warm-up", "0", "--keep");

        ran.Exit.ShouldBe(1);
        ran.Out.ShouldContain(" times: 503");
        ran.Error.ShouldContain("no request succeeded");
    }

    [Fact]
    public void Waiting_times_are_told_within_two_parts_in_a_hundred()
    {
        var took = new Latencies();
        for (var microseconds = 1; microseconds <= 100_000; microseconds++)
        {
            took.Add(TimeSpan.FromMicroseconds(microseconds));
        }

        took.Within(0.5).TotalMicroseconds.ShouldBeInRange(50_000, 51_000);
        took.Within(0.99).TotalMicroseconds.ShouldBeInRange(99_000, 100_000);
        took.Within(1).ShouldBe(TimeSpan.FromMicroseconds(100_000));
        new Latencies().Within(0.99).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void An_address_that_was_released_may_be_granted_again()
    {
        var ledger = new Ledger();
        ledger.Granted("10.0.0.1", "a");
        ledger.Releasing("10.0.0.1");
        ledger.Granted("10.0.0.1", "b");
        ledger.Twice.ShouldBeEmpty();

        ledger.Granted("10.0.0.1", "c");
        ledger.Twice.ShouldHaveSingleItem().ShouldBe("10.0.0.1 was granted to c while b held it.");
    }

    private static FakeMember Member()
    {
        var member = new FakeMember();
        member.Answers["GET /cluster/v1/members"] = (200, """{"items":[{"name":"m1","state":"alive","me":true,"schema":1,"ageSeconds":0}]}""");
        member.Answers["POST /ipam/v1/release"] = (200, "{}");
        member.Answers["POST /ipam/v1/release-handle"] = (200, "{}");
        return member;
    }
}

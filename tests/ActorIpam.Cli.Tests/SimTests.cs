using ActorIpam.Cli.Commands;
using ActorIpam.Simulation;
using ActorIpam.Simulation.Laws;
using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

/// <summary>The simulator as users run it. What it finds is the simulation's own tests' business; here it is what is told of it.</summary>
public sealed class SimTests
{
    [Fact]
    public async Task Worlds_are_counted_and_nothing_is_asked_of_a_member()
    {
        var ran = await Ipamctl.RunAsync("http://127.0.0.1:1", "", ["sim", "--seeds", "3", "--jobs", "2"]);
        ran.Error.ShouldBeEmpty();
        ran.Exit.ShouldBe(0);
        ran.Out.ShouldMatch(@"Worlds +3, ");
        ran.Out.ShouldMatch(@"Operations +[\d,]+ asked, [\d,]+ commits");
        ran.Out.ShouldMatch(@"Violations +0\n");
    }

    [Fact]
    public async Task One_seed_tells_its_story_and_tells_the_same_again()
    {
        string[] line = ["sim", "--seed", "7", "--story"];
        var ran = await Ipamctl.RunAsync(null, "", line);
        ran.Exit.ShouldBe(0);
        ran.Out.ShouldContain("operator");
        ran.Out.ShouldContain("seed 7 is lawful.");
        (await Ipamctl.RunAsync(null, "", line)).Out.ShouldBe(ran.Out);
    }

    [Fact]
    public async Task A_smaller_world_is_played_as_it_was_named()
    {
        var ran = await Ipamctl.RunAsync(null, "", ["sim", "--seed", "7", "--world", "members=1,hosts=1,pods=1,no-faults"]);
        ran.Exit.ShouldBe(0);
        ran.Out.ShouldContain("seed 7: 1 members, 1 hosts × 1 pods");
        ran.Out.ShouldContain("faults none");
    }

    [Fact]
    public async Task A_broken_law_is_told_with_the_smallest_world_and_how_to_repeat_it()
    {
        var (exit, output) = await PlayAsync(["sim", "--seeds", "4", "--first", "11", "--jobs", "1"], isBroken: verdict => verdict.Seed == 12);
        exit.ShouldBe(1);
        output.ShouldMatch(@"Violations +1\n");
        output.ShouldContain("seed 12 breaks INV-1: INV-1 at step 3: 10.0.0.1 was given to two.");
        output.ShouldMatch(@"The smallest world of \d+ that breaks INV-1: 1 members, 1 hosts × 1 pods × 1 rounds");
        output.ShouldMatch(@"Repeat it: ipamctl sim --seed 12 --story --world [a-z=0-9,-]*members=1");
    }

    [Fact]
    public async Task A_world_that_cannot_be_smaller_is_told_as_it_is()
    {
        var whole = Run.PlanOf(12).ToString();
        var (exit, output) = await PlayAsync(["sim", "--seeds", "1", "--first", "12"], isBroken: verdict => verdict.Plan.ToString() == whole);
        exit.ShouldBe(1);
        output.ShouldContain($"The world: {whole}");
        output.ShouldEndWith("Repeat it: ipamctl sim --seed 12 --story\n");
    }

    [Theory]
    [InlineData("--seeds must be at least 1.", "--seeds", "0")]
    [InlineData("--jobs must be at least 1.", "--jobs", "0")]
    [InlineData("Seeds are counted from 1.", "--first", "0")]
    [InlineData("--story and --world need --seed: they are about one world.", "--story")]
    [InlineData("--world: 'giants=7' is no change of a world.", "--seed", "1", "--world", "giants=7")]
    public async Task What_cannot_be_played_is_refused(string why, params string[] options)
    {
        var ran = await Ipamctl.RunAsync(null, "", ["sim", .. options]);
        ran.Exit.ShouldBe(1);
        ran.Out.ShouldBeEmpty();
        ran.Error.ShouldStartWith($"ipamctl: {why}");
    }

    /// <summary>Plays worlds in which a law is said to be broken, whatever happened in them.</summary>
    private static async Task<(int Exit, string Out)> PlayAsync(string[] line, Func<Verdict, bool> isBroken)
    {
        var output = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal { Out = output, Error = new StringWriter(), Input = () => Stream.Null, Environment = _ => null };
        var parsed = CommandLine.Build(terminal).Parse(line);
        using var session = new Session(parsed, terminal);
        var exit = await SimCommand.RunAsync(parsed, session, (seed, plan) =>
        {
            var verdict = Run.Of(seed, plan);
            return isBroken(verdict) ? verdict with { Violations = [new Violation("INV-1", 3, "10.0.0.1 was given to two.")] } : verdict;
        }, TestContext.Current.CancellationToken);
        return (exit, output.ToString().ReplaceLineEndings("\n"));
    }
}

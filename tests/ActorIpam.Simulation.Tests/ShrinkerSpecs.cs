using ActorIpam.Simulation.Laws;
using ActorIpam.Simulation.Shrinking;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>A failing world becomes small, keeps breaking the same law, and can be played again from what is printed.</summary>
public sealed class ShrinkerSpecs
{
    private const ulong Seed = 12;

    [Fact]
    public void What_does_not_matter_is_left_out()
    {
        var smallest = Shrink(verdict => true);
        smallest.Verdict.Plan.Members.ShouldBe(1);
        smallest.Verdict.Plan.Hosts.Length.ShouldBe(1);
        smallest.Verdict.Plan.Rounds.ShouldBe(1);
        smallest.Verdict.Plan.Sweeps.ShouldBeNull();
        smallest.Verdict.Steps.ShouldBeLessThan(Run.Of(Seed).Steps);
    }

    [Fact]
    public void What_matters_stays()
    {
        var whole = Run.PlanOf(Seed);
        var smallest = Shrink(verdict => verdict.Plan.Members >= 2 && verdict.Plan.Pools.Length == whole.Pools.Length);
        smallest.Verdict.Plan.Members.ShouldBe(2);
        smallest.Verdict.Plan.Pools.ShouldBe(whole.Pools.Select((pool, at) => pool with { Tunnel = smallest.Verdict.Plan.Pools[at].Tunnel }));
    }

    [Fact]
    public void What_is_printed_repeats_the_smallest_world()
    {
        var smallest = Shrink(verdict => verdict.Plan.PodsPerHost >= 1);
        var plan = WorldChange.Apply(Run.PlanOf(Seed), smallest.Changes);
        plan.ToString().ShouldBe(smallest.Verdict.Plan.ToString());
        Run.Of(Seed, plan).Trace.ShouldBe(smallest.Verdict.Trace);
    }

    [Fact]
    public void Another_law_is_another_fault()
    {
        var failing = Broken(Run.Of(Seed), "INV-1");
        var smallest = Shrinker.Shrink(failing, (seed, plan) => Broken(Run.Of(seed, plan), "INV-2"), stop: TestContext.Current.CancellationToken);
        smallest.Changes.ShouldBeEmpty();
        smallest.Verdict.ShouldBe(failing);
    }

    [Fact]
    public void A_change_that_is_not_known_is_refused_with_those_that_are() =>
        Should.Throw<FormatException>(() => WorldChange.Apply(Run.PlanOf(Seed), "members=two")).Message.ShouldContain("members=N");

    private static Smaller Shrink(Func<Verdict, bool> isBroken) =>
        Shrinker.Shrink(Broken(Run.Of(Seed), "INV-1"), (seed, plan) => Run.Of(seed, plan) is var verdict && isBroken(verdict) ? Broken(verdict, "INV-1") : verdict, stop: TestContext.Current.CancellationToken);

    private static Verdict Broken(Verdict verdict, string law) => verdict with { Violations = [new Violation(law, 1, "said by a test")] };
}

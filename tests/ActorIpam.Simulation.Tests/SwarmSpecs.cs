using System.Diagnostics;
using ActorIpam.Simulation.Faults;
using ActorIpam.Simulation.Shrinking;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>Whole members, one world a seed: small worlds near exhaustion, under faults, judged by every law.</summary>
public sealed class SwarmSpecs(ITestOutputHelper output)
{
    [Fact]
    public void Every_world_is_lawful()
    {
        var report = new SwarmReport();
        var watch = Stopwatch.StartNew();
        Swarm.Play(Seeds.All, Seeds.Jobs, seed => Run.Of(seed), (_, verdict) =>
        {
            report.Add(verdict);
            return true;
        });

        output.WriteLine($"{report.Worlds} seeds in {watch.Elapsed.TotalSeconds:0.0} s ({report.Worlds / watch.Elapsed.TotalSeconds:0.0} a second), {report.Steps} steps, {report.Operations} exchanges, {report.Commits} commits");
        output.WriteLine(report.Faults.ToString());
        foreach (var (point, fault) in FaultCoverage.MissingFrom(report.Faults))
        {
            output.WriteLine($"these worlds did not meet {fault} at {point}");
        }

        foreach (var verdict in report.Broken)
        {
            output.WriteLine($"seed {verdict.Seed}: {verdict.Summary}");
        }

        if (Seeds.One is { } one)
        {
            output.WriteLine(Run.Of(one).Tell(lines: 5000));
        }

        report.Broken.Take(1).Select(Smallest).ShouldBeEmpty();
    }

    [Fact]
    public void A_seed_that_runs_twice_leaves_the_same_trace()
    {
        foreach (var seed in Seeds.All.Where(seed => seed % 10 == 1).Take(100))
        {
            Run.Of(seed).Trace.ShouldBe(Run.Of(seed).Trace, $"seed {seed}");
        }
    }

    /// <summary>The failing world, made as small as it gets while it still breaks the same law.</summary>
    private static string Smallest(Verdict failing)
    {
        var smallest = Shrinker.Shrink(failing, (seed, plan) => Run.Of(seed, plan), stop: TestContext.Current.CancellationToken);
        return $"{failing.Summary}\nSmaller: ipamctl sim --seed {failing.Seed} --story --world {smallest.Changes}\n{smallest.Verdict.Tell()}";
    }
}

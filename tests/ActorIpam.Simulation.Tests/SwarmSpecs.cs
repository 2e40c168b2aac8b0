using System.Diagnostics;
using ActorIpam.Simulation.Faults;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>Whole members, one world a seed: small worlds near exhaustion, under faults, judged by every law.</summary>
public sealed class SwarmSpecs(ITestOutputHelper output)
{
    [Fact]
    public void Every_world_is_lawful()
    {
        var (report, steps, exchanges, commits, seeds) = (new FaultReport(), 0L, 0, 0, 0);
        var broken = new List<Verdict>();
        var watch = Stopwatch.StartNew();
        Swarm.Play(Seeds.All, Seeds.Jobs, seed => Run.Of(seed), (_, verdict) =>
        {
            report.Add(verdict.Faults);
            (steps, exchanges, commits, seeds) = (steps + verdict.Steps, exchanges + verdict.History.Exchanges.Count, commits + verdict.History.Commits.Count, seeds + 1);
            broken.AddRange(verdict.IsLawful ? [] : [verdict]);
            return true;
        });
        broken.Sort((one, other) => one.Seed.CompareTo(other.Seed));

        output.WriteLine($"{seeds} seeds in {watch.Elapsed.TotalSeconds:0.0} s ({seeds / watch.Elapsed.TotalSeconds:0.0} a second), {steps} steps, {exchanges} exchanges, {commits} commits");
        output.WriteLine(report.ToString());
        broken.ForEach(verdict => output.WriteLine($"seed {verdict.Seed}: {verdict.Summary}"));
        if (Seeds.One is { } one)
        {
            output.WriteLine(Run.Of(one).Tell(lines: 5000));
        }

        broken.Select(verdict => verdict.Tell()).Take(1).ShouldBeEmpty();
    }

    [Fact]
    public void A_seed_that_runs_twice_leaves_the_same_trace()
    {
        foreach (var seed in Seeds.All.Where(seed => seed % 10 == 1).Take(100))
        {
            Run.Of(seed).Trace.ShouldBe(Run.Of(seed).Trace, $"seed {seed}");
        }
    }
}

using System.Diagnostics;
using ActorIpam.Runtime;
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
        foreach (var seed in Seeds.All)
        {
            var verdict = Run.Of(seed);
            report.Add(verdict.Faults);
            (steps, exchanges, commits, seeds) = (steps + verdict.Steps, exchanges + verdict.History.Exchanges.Count, commits + verdict.History.Commits.Count, seeds + 1);
            if (!verdict.IsLawful)
            {
                broken.Add(verdict);
            }
        }

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

    /// <summary>Points that few worlds pass, with the first seed in which a member dies there. At the last step of a pool's deletion only the end-to-end tests kill.</summary>
    [Theory]
    [InlineData(nameof(FaultPoint.NodeRemoved), 492)]
    [InlineData(nameof(FaultPoint.AffinityEnded), 774)]
    public void A_member_that_dies_at_a_rare_point_breaks_no_law(string point, ulong seed)
    {
        var verdict = Run.Of(seed);
        verdict.Faults.Hits(point, Fault.CrashHere).ShouldBeGreaterThan(0, $"no member died at {point}: find another seed");
        verdict.IsLawful.ShouldBeTrue(verdict.Tell());
    }

    /// <summary>Simulated members neither sweep nor split; the end-to-end tests kill at these points.</summary>
    private static readonly FaultPoint[] Unswept =
        [FaultPoint.SweepActed, FaultPoint.SplitBegun, FaultPoint.SplitPartCreated, FaultPoint.SplitBlockMoved, FaultPoint.SplitEmptied];

    [Fact]
    public void Each_kind_of_fault_happens_and_each_flow_meets_faults()
    {
        var report = new FaultReport();
        foreach (var seed in Seeds.Many(1, 150))
        {
            report.Add(Run.Of(seed).Faults);
        }

        foreach (var fault in Enum.GetValues<Fault>())
        {
            report.Points.Sum(point => report.Hits(point, fault)).ShouldBeGreaterThan(0, $"{fault} never happened");
        }

        foreach (var point in Enum.GetValues<FaultPoint>().Except(Unswept).Select(point => point.ToString()))
        {
            report.Hits(point, Fault.None).ShouldBeGreaterThan(0, $"nobody passed {point}");
        }

        foreach (var point in Enum.GetValues<FaultPoint>().Except([.. Unswept, FaultPoint.NodeRemoved, FaultPoint.AffinityEnded, FaultPoint.PoolPrepared]))
        {
            report.Hits(point.ToString(), Fault.CrashHere).ShouldBeGreaterThan(0, $"no member died at {point}");
        }

        foreach (var flow in (string[])["assign", "claim and assign", "release", "final release", "question", "catalog"])
        {
            Enum.GetValues<Fault>().Where(fault => fault != Fault.None && report.Hits(flow, fault) > 0).Count().ShouldBeGreaterThan(5, $"{flow} met too few kinds of faults");
        }
    }
}

using ActorIpam.Engine;
using ActorIpam.Simulation.Faults;
using ActorIpam.Simulation.Journal;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>Worlds keep their streams short while everything else goes on: what the laws say about snapshots is said about ones that exist.</summary>
public sealed class UpkeepSpecs(ITestOutputHelper output)
{
    private const ulong Worlds = 120;

    [Fact]
    public void Streams_are_cut_and_loaded_from_snapshots_also_bad_ones()
    {
        var (snapshots, cut, report) = (0, 0, new FaultReport());
        foreach (var seed in Swarm.Range(1, Worlds))
        {
            var verdict = Run.Of(seed);
            report.Add(verdict.Faults);
            snapshots += verdict.History.Final.Snapshots.Count;
            cut += verdict.History.Final.Rows.Count(stream => stream.Key.Value.StartsWith(Streams.Blocks, StringComparison.Ordinal) && stream.Value.Keys.First() > 1);
        }

        output.WriteLine($"{snapshots} streams with snapshots, {cut} cut streams\n{report}");
        snapshots.ShouldBeGreaterThan(50);
        cut.ShouldBeGreaterThan(20);
        report.Hits("load a snapshot", Fault.BadSnapshot).ShouldBeGreaterThan(5);
        report.Hits(Reads.Tail, Fault.UnknownEvent).ShouldBeGreaterThan(2);
    }
}

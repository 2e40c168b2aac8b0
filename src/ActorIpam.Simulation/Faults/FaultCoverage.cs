using System.Collections.Immutable;
using ActorIpam.Runtime;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Faults;

/// <summary>Which faults must be met where: each flow under each fault of the store, each named point of the code under each fault of a member, each read under each fault of reads.</summary>
public static class FaultCoverage
{
    /// <summary>Simulated members neither sweep nor split; the end-to-end tests kill at these points.</summary>
    private static readonly FaultPoint[] Unswept =
        [FaultPoint.SweepActed, FaultPoint.SplitBegun, FaultPoint.SplitPartCreated, FaultPoint.SplitBlockMoved, FaultPoint.SplitEmptied];

    /// <summary>Every pair of a point and a fault that some world must meet; a point that no fault ever hit proves nothing.</summary>
    public static ImmutableArray<(string Point, Fault Fault)> Wanted { get; } =
    [
        .. from point in Enum.GetValues<FaultPoint>().Except(Unswept)
           from fault in FaultPlan.OfPoints
           select (point.ToString(), fault),
        .. from flow in Flow.All.Except(["move", "thaw", "forget", "reclaim"])
           from fault in FaultPlan.OfAppends
           select (flow, fault),
        .. from read in Reads.All
           from fault in FaultPlan.OfReads
           select (read, fault),
    ];

    /// <summary>The pairs that were not met.</summary>
    public static IEnumerable<(string Point, Fault Fault)> MissingFrom(FaultReport report) => Wanted.Where(pair => report.Hits(pair.Point, pair.Fault) == 0);
}

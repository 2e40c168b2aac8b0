using System.Collections.Immutable;
using ActorIpam.Runtime;
using ActorIpam.Simulation.Journal;
using ActorIpam.Simulation.Members;

namespace ActorIpam.Simulation.Faults;

/// <summary>
/// Which faults must be met where: each named point of the code under each fault of a member, each message between members under each fault of the network,
/// and the flows and reads of every world under each fault of the store.
/// </summary>
public static class FaultCoverage
{
    /// <summary>Every pair of a point and a fault that some world must meet; a point that no fault ever hit proves nothing.</summary>
    public static ImmutableArray<(string Point, Fault Fault)> Wanted { get; } =
    [
        .. from point in Enum.GetValues<FaultPoint>()
           from fault in FaultPlan.OfPoints
           select (point.ToString(), fault),
        .. from flow in Flow.Common
           from fault in FaultPlan.OfAppends
           select (flow, fault),
        .. from flow in Flow.Common
           from fault in FaultPlan.OfStandby
           where fault == Fault.WaitsForStandby || flow != Flow.Nothing
           select (flow, fault),
        (Reads.Tail, Fault.NewerEvent),
        (Reads.Members, Fault.JoinRefused),
        .. from message in Messages.All
           from fault in FaultPlan.OfMessages.Append(Fault.CutOff)
           select (message, fault),
        .. from read in Reads.Common
           from fault in FaultPlan.OfReads
           select (read, fault),
    ];

    /// <summary>The pairs that were not met.</summary>
    public static IEnumerable<(string Point, Fault Fault)> MissingFrom(FaultReport report) => Wanted.Where(pair => report.Hits(pair.Point, pair.Fault) == 0);
}

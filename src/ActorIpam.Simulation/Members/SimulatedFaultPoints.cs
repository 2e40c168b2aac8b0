using ActorIpam.Runtime;
using ActorIpam.Simulation.Faults;
using ActorIpam.Simulation.Journal;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Members;

/// <summary>Lets a member die or stand still at the points the production code names, and counts that each is passed.</summary>
internal sealed class SimulatedFaultPoints(SimulatedStore store, Lane lane, Action crash) : IFaultPoints
{
    private readonly Dice _dice = lane.World.Dice($"points of {lane.Name}");

    public async ValueTask PassAsync(FaultPoint point)
    {
        var fault = store.Faults.AtPoint(point);
        if (fault == Fault.None)
        {
            return;
        }

        lane.Tell($"at {point}: {fault}");
        if (fault == Fault.CrashHere)
        {
            crash();
        }

        await Task.Delay(_dice.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(8)), lane.Clock);
    }
}

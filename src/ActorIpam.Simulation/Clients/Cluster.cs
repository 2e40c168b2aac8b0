using System.Collections.Immutable;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;
using ActorIpam.Simulation.Kernel;
using ActorIpam.Simulation.Members;

namespace ActorIpam.Simulation.Clients;

/// <summary>What clients see of a world: members to ask, and somebody who writes everything down.</summary>
internal sealed record Cluster(World World, SimulatedStore Store, Recorder Recorder, ImmutableArray<SimulatedMember> Members, SimulatedNetwork Network)
{
    /// <summary>How often, in a thousand, a request about addresses is delivered twice.</summary>
    public int Duplicates { get; init; }

    /// <summary>When the faults ended; null while they last.</summary>
    public TimeSpan? HealedAt { get; private set; }

    public void Heal()
    {
        HealedAt = World.Elapsed;
        Store.Faults.IsOn = false;
        Store.Wake();
        Network.Heal();
        foreach (var member in Members)
        {
            member.Resume();
        }

        World.Tell("world", "heals");
    }
}

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

    /// <summary>A restored journal has not ended its recovery: most of what is asked for has to wait.</summary>
    public bool IsRecovering { get; private set; }

    /// <summary>Since when nothing keeps anybody waiting: the faults have ended, and nothing is recovering. Null while something does.</summary>
    public TimeSpan? CalmSince => IsRecovering ? null : RecoveredAt > HealedAt ? RecoveredAt : HealedAt;

    private TimeSpan? RecoveredAt { get; set; }

    public void BeginRecovery() => IsRecovering = true;

    public void EndRecovery() => (IsRecovering, RecoveredAt) = (false, World.Elapsed);

    public void Heal()
    {
        HealedAt = World.Elapsed;
        Store.Faults.IsOn = false;
        Store.Wake();
        Store.Replication.Rejoin();
        Network.Heal();
        var newest = Members.Max(member => member.Number);
        foreach (var member in Members)
        {
            member.Resume();
            if (newest - member.Number > 1)
            {
                // Whoever was forgotten is found.
                member.Upgrade(newest, inOrder: false);
            }
        }

        World.Tell("world", "heals");
    }
}

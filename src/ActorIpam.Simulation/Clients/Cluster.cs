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

    /// <summary>Since when no fault keeps anybody waiting: they have ended, and what left while the store stood still has reached it. Null, or yet to come, while one does.</summary>
    public TimeSpan? QuietSince => HealedAt is { } healed ? Later(healed, Store.KeepsUntil) : null;

    /// <summary>Since when nothing keeps anybody waiting: no fault, and nothing is recovering. Null, or yet to come, while something does.</summary>
    public TimeSpan? CalmSince => IsRecovering || QuietSince is not { } quiet ? null : Later(quiet, RecoveredAt ?? quiet);

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
        var newest = Members.Max(member => member.NextNumber);
        foreach (var member in Members)
        {
            member.Resume();
            if (newest - member.NextNumber > 1)
            {
                // Whoever was forgotten is found.
                member.Upgrade(newest, inOrder: false);
            }
        }

        World.Tell("world", "heals");
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}

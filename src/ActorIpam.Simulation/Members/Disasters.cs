using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Members;

/// <summary>What happens to a world at instants that nobody chose: to single members, and to the store as a whole.</summary>
internal sealed class Disasters(Cluster cluster, WorldPlan plan, Lane clients)
{
    /// <summary>Once, the store is an older one of itself, as after the restore of a backup.</summary>
    public async Task GoBackAsync()
    {
        var dice = cluster.World.Dice("going back");
        var setUp = cluster.Store.Commits.Count;
        if (!plan.GoesBack)
        {
            return;
        }

        await Task.Delay(dice.Between(TimeSpan.Zero, plan.Heals / 2), clients.Clock);
        var lost = dice.Next(Math.Min(12, cluster.Store.Commits.Count - setUp) + 1);
        if (cluster.Store.Faults.IsOn && lost > 0)
        {
            cluster.Store.GoBack(lost);
        }
    }

    /// <summary>Members crash, stand still, drain, starve, and have their clocks set.</summary>
    public async Task TroubleAsync()
    {
        var dice = cluster.World.Dice("troubles");
        var troubles = new Troubles(cluster.Members, plan, dice);
        for (var i = 0; i < plan.Troubles; i++)
        {
            await Task.Delay(dice.Between(TimeSpan.Zero, plan.Pace + TimeSpan.FromSeconds(2)), clients.Clock);
            if (!cluster.Store.Faults.IsOn)
            {
                return;
            }

            troubles.Strike();
        }
    }
}

using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Members;

/// <summary>Members are restarted one after the other with the next protocol number, while they are used.</summary>
internal sealed class RollingUpgrade(Cluster cluster, WorldPlan plan, Lane clients)
{
    private readonly Dice _dice = cluster.World.Dice("upgrade");

    public async Task WorkAsync()
    {
        if (plan.Upgrade is not { } upgrade)
        {
            return;
        }

        await RestAsync(TimeSpan.FromSeconds(3));
        var forgotten = upgrade.Forgets ? _dice.OneOf(cluster.Members) : null;
        for (var number = 2; number <= 1 + upgrade.Steps; number++)
        {
            if (number > 2 && forgotten is not null && _dice.Next(3) > 0)
            {
                // Others take it for dead by the time they join, and it comes back among them.
                forgotten.Pause(_dice.Between(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(12)));
                await Task.Delay(TimeSpan.FromSeconds(5), clients.Clock);
            }

            foreach (var member in cluster.Members.Where(member => member != forgotten).OrderBy(_ => _dice.Next(1000)).ToList())
            {
                if (!cluster.Store.Faults.IsOn)
                {
                    return;
                }

                member.Upgrade(number, inOrder: _dice.Next(3) > 0);
                await RestAsync(TimeSpan.FromSeconds(1));
            }

            await RestAsync(TimeSpan.FromSeconds(3));
        }
    }

    private Task RestAsync(TimeSpan most) => Task.Delay(_dice.Between(TimeSpan.Zero, most), clients.Clock);
}

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

    /// <summary>Commits wait for a standby that cannot be reached; what waits is seen without it, and then it takes over or is back.</summary>
    public async Task FailOverAsync()
    {
        if (!plan.FailsOver)
        {
            return;
        }

        var (dice, standby) = (cluster.World.Dice("fail-over"), cluster.Store.Replication);
        await Task.Delay(dice.Between(TimeSpan.Zero, plan.Heals * 0.6), clients.Clock);
        for (var times = dice.Between(1, 3); times > 0 && cluster.Store.Faults.IsOn; times--)
        {
            if (dice.Next(2) == 0)
            {
                standby.PartAtNextChange();
                await WaitAsync();
            }

            if (!cluster.Store.Faults.IsOn)
            {
                return;
            }

            if (!standby.IsParted)
            {
                standby.Part();
            }

            for (var seen = dice.Between(1, 3); seen > 0; seen--)
            {
                await WaitAsync();
                if (standby.IsParted && (dice.Next(3) > 0 || !standby.Cancel(dice)))
                {
                    standby.Restart();
                    if (dice.Next(2) == 0)
                    {
                        // Who waited for it asks another, who sees what no standby has.
                        dice.OneOf(cluster.Members).Crash();
                    }
                }
            }

            await WaitAsync();
            if (standby.IsParted && dice.Next(4) == 0)
            {
                standby.Rejoin();
            }
            else if (standby.IsParted)
            {
                standby.FailOver(dice.Next(3) == 0 ? dice.Next(standby.Unreplicated + 1) : 0);
            }

            await WaitAsync();
        }

        Task WaitAsync() => Task.Delay(dice.Between(TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(dice.Next(3) == 0 ? 12 : 2)), clients.Clock);
    }

    /// <summary>The network is cut: around one member both ways, one way, between two only, or between one and the store; later it is mended.</summary>
    public async Task CutAsync()
    {
        var dice = cluster.World.Dice("cuts");
        for (var i = 0; i < plan.Cuts; i++)
        {
            await Task.Delay(dice.Between(TimeSpan.Zero, plan.Pace + TimeSpan.FromSeconds(3)), clients.Clock);
            if (!cluster.Store.Faults.IsOn)
            {
                return;
            }

            var cuts = Draw(dice);
            foreach (var (from, to) in cuts)
            {
                cluster.Network.Cut(from, to);
            }

            cluster.World.After(dice.Between(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(20)), clients, () => cuts.ForEach(cut => cluster.Network.Mend(cut.From, cut.To)));
        }
    }

    private List<(string From, string To)> Draw(Dice dice)
    {
        var one = dice.OneOf(cluster.Members).Name;
        var others = cluster.Members.Select(member => member.Name).Where(name => name != one).ToList();
        return dice.Next(5) switch
        {
            0 => [.. others.SelectMany(other => Both(one, other))],
            1 => [.. others.Select(other => (one, other))],
            2 when others.Count > 0 => [.. Both(one, dice.OneOf(others))],
            3 => [(SimulatedNetwork.Store, one)],
            _ => [.. Both(one, SimulatedNetwork.Store)],
        };
    }

    private static IEnumerable<(string From, string To)> Both(string one, string other) => [(one, other), (other, one)];

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

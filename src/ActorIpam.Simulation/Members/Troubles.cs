using System.Collections.Immutable;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Members;

/// <summary>What happens to members at instants that no fault point names.</summary>
internal sealed class Troubles(ImmutableArray<SimulatedMember> members, WorldPlan plan, Dice dice)
{
    public void Strike()
    {
        var member = dice.OneOf(members);
        switch (dice.Next(plan.Clocks.Steps ? 6 : 5))
        {
            case 0 or 1:
                member.Crash();
                break;
            case 2:
                member.Pause(dice.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(dice.Next(4) == 0 ? 60 : 20)));
                break;
            case 3:
                member.Drain();
                break;
            case 4:
                member.Starve(dice.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(300)), dice.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20)));
                break;
            default:
                member.SetClock(dice.Between(TimeSpan.Zero, plan.Clocks.Skew * 2) - plan.Clocks.Skew);
                break;
        }
    }
}

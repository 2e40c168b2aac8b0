using ActorIpam.Domain.Requests;

namespace ActorIpam.Simulation.Clients;

/// <summary>Claims blocks for hosts, makes sure of them and gives them back, beside what pods do.</summary>
internal sealed class Claimer(Caller caller, WorldPlan plan)
{
    public async Task WorkAsync()
    {
        for (var i = 0; i < plan.Affinities; i++)
        {
            await caller.RestAsync(plan.Pace);
            var (host, pool) = (caller.Dice.OneOf(plan.Hosts), caller.Dice.OneOf(plan.Pools));
            await (caller.Dice.Next(3) switch
            {
                0 => caller.ClaimAsync(new() { Host = host, Cidr = pool.Cidr }) as Task,
                1 => caller.GiveBackAsync(new() { Host = host, Cidr = pool.Cidr, MustBeEmpty = caller.Dice.Next(2) == 0 }),
                _ => caller.EnsureBlockAsync(pool.IsIpv6
                    ? new() { Host = host, HostReservedIpv6 = new(0, 0, null) }
                    : new() { Host = host, HostReservedIpv4 = new(0, 0, null) }),
            });
        }
    }
}

namespace ActorIpam.Simulation.Clients;

/// <summary>Asks for the routes of nodes, beside all that changes them.</summary>
internal sealed class Router(Caller caller, WorldPlan plan)
{
    public async Task WorkAsync()
    {
        for (var i = 0; i < plan.Routings; i++)
        {
            await caller.RestAsync(plan.Pace);
            await caller.RoutesAsync(caller.Dice.OneOf(plan.Hosts));
        }
    }
}

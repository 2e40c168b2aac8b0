using ActorIpam.Domain.Requests;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Clients;

/// <summary>When faults and work have ended, each member is asked for an address for each host, and to take it back (INV-14: none of them is stuck with any).</summary>
/// <remarks>Where members forward, the assignment is decided by the host's owner, and only the release by who was asked.</remarks>
internal sealed class RollCall(Cluster cluster, WorldPlan plan, Lane lane)
{
    /// <summary>Wide worlds have many hosts.</summary>
    private const int HostsAtMost = 4;

    public Task WorkAsync() => plan.EndsInARollCall ? Task.WhenAll(cluster.Members.Select(member => AskAsync(new(cluster, lane, $"roll call of {member.Name}", member), member.Name))) : Task.CompletedTask;

    private async Task AskAsync(Caller caller, string member)
    {
        foreach (var host in plan.Hosts.Take(HostsAtMost))
        {
            var handle = $"{host}-asked-of-{member}";
            var isIpv6 = plan.HasIpv6 && caller.Dice.Next(3) == 0;
            await caller.AssignAsync(new() { Host = host, Handle = handle, Ipv4 = isIpv6 ? 0 : 1, Ipv6 = isIpv6 ? 1 : 0, MaxBlocks = plan.MaxBlocks, RequestId = handle });
            await caller.ReleaseHandleAsync(new() { Handle = handle, Host = host });
        }
    }
}

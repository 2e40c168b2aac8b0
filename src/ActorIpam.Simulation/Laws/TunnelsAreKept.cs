using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-12, INV-3: a tunnel has one address; in the end each node names the address that its tunnel holds, and nothing is held that no node names.</summary>
/// <remarks>
/// A second one may be assigned to replace the first when the first's pool no longer serves: so a second is judged only where the catalog has not changed
/// since the first was assigned, and where nothing of the tunnel was released shortly before, which somebody may still think to replace.
/// </remarks>
public static class TunnelsAreKept
{
    /// <summary>A member that saw how things were decides, asks and has it committed within a request's time.</summary>
    private static readonly TimeSpan SightLasts = TimeSpan.FromSeconds(90);

    public static IEnumerable<Violation> Judge(History history, WorldPlan plan) =>
        plan.HasTunnels ? HeldTwice(history).Concat(history.Settled && history.Since == 0 ? InTheEnd(history) : []) : [];

    private static IEnumerable<Violation> HeldTwice(History history)
    {
        var first = new Dictionary<string, (AddressRow Row, long Catalog)>();
        var released = new Dictionary<string, DateTimeOffset>();
        var catalog = 0L;
        foreach (var commit in history.Commits)
        {
            catalog += commit.Changes<IpamViewChange.ResourceStored>().Any(stored => stored.Row.Kind != "Node") || commit.Changes<IpamViewChange.ResourceGone>().Any() ? 1 : 0;
            foreach (var freed in commit.Changes<IpamViewChange.AddressFreed>())
            {
                foreach (var (handle, (row, _)) in first.Where(held => held.Value.Row.Ip == freed.Ip).ToArray())
                {
                    first.Remove(handle);
                    released[handle] = commit.At;
                }
            }

            foreach (var held in commit.Changes<IpamViewChange.AddressHeld>().Where(held => Tunnels.IsTunnel(held.Row)))
            {
                var handle = held.Row.Handle!;
                if (first.TryGetValue(handle, out var before) && before.Catalog == catalog && commit.At - released.GetValueOrDefault(handle) > SightLasts)
                {
                    yield return new("INV-12", commit.Instant, $"{handle} was given {held.Row.Ip} though it held {before.Row.Ip}.");
                }

                first.TryAdd(handle, (held.Row, catalog));
            }
        }
    }

    private static IEnumerable<Violation> InTheEnd(History history)
    {
        var recorded = Tunnels.Recorded(history.Final).ToList();
        foreach (var (ip, handle, node) in recorded)
        {
            if (history.Final.Addresses.GetValueOrDefault(ip)?.Handle != handle)
            {
                yield return new("INV-3", Exchange.Never, $"Node {node} names {ip} as its tunnel's, but it is held by {history.Final.Addresses.GetValueOrDefault(ip)?.Handle ?? "nobody"}.");
            }
        }

        foreach (var row in history.Final.Addresses.Values.Where(Tunnels.IsTunnel))
        {
            if (!recorded.Contains((row.Ip, row.Handle!, row.Holder.Name)))
            {
                yield return new("INV-3", Exchange.Never, $"{row.Ip} is held for {row.Handle}, but no node names it.");
            }
        }
    }
}

using System.Text.Json;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.InMemory;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-12, INV-3: a tunnel has one address; in the end each node names the address that its tunnel holds, and nothing is held that no node names.</summary>
/// <remarks>
/// A second one may be assigned to replace the first when the first's pool no longer serves: so a second is judged only where that pool selects the node, where the catalog,
/// and what pools select by, has not changed since the first was assigned, and where nothing of the tunnel was released shortly before, which somebody may still think to replace.
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
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var commit in history.Commits)
        {
            catalog += commit.Changes<IpamViewChange.ResourceStored>().Count(stored => Selects(stored.Row, labels)) + commit.Changes<IpamViewChange.ResourceGone>().Count();
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
                if (first.TryGetValue(handle, out var before) && before.Catalog == catalog && Serves(before.Row, commit.After) && commit.At - released.GetValueOrDefault(handle) > SightLasts)
                {
                    yield return new("INV-12", commit.Instant, $"{handle} was given {held.Row.Ip} though it held {before.Row.Ip}.");
                }

                first.TryAdd(handle, (held.Row, catalog));
            }
        }
    }

    /// <summary>A tunnel asks for pools by name, so it may be given an address of one that no longer selects its node.</summary>
    private static bool Serves(AddressRow row, JournalState state) =>
        StoredPolicy.Of(state).PoolsFor(row.Holder.Name, row.Ip.Family, []).Any(pool => pool.Range.Contains(row.Ip));

    /// <summary>A resource of any kind may change which pools serve a node; a node itself only by its labels, and members store it for its tunnels as well.</summary>
    private static bool Selects(ResourceRow row, Dictionary<string, string> labels)
    {
        if (row.Kind != "Node")
        {
            return true;
        }

        var now = JsonDocument.Parse(row.Body).RootElement.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("labels", out var all) ? all.GetRawText() : "";
        var changed = labels.TryGetValue(row.Name, out var before) && before != now;
        labels[row.Name] = now;
        return changed;
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

using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-3, INV-5: where members sweep, what was due when everything had become quiet is done (protocol.md §5, sweepers).</summary>
public static class SweepsFinish
{
    /// <summary>Faults and work have ended for longer than this when a world ends; a sweep comes at least so often.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(20);

    public static IEnumerable<Violation> Judge(History history, WorldPlan plan) => plan.Sweeps is { } sweeps && history.Settled && sweeps.Period * 3 < Quiet && history.Commits.Count > 0
        ? [.. Cooling(history, plan), .. OfGoneHosts(history, plan), .. Idle(history, plan, sweeps), .. Unfinished(history)]
        : [];

    private static IEnumerable<Violation> Cooling(History history, WorldPlan plan) =>
        from row in history.Final.Blocks.Values
        where row.CoolingSince + TimeSpan.FromSeconds(plan.Cooldown) + plan.Clocks.Apart + Quiet < history.Ended
        select new Violation("INV-3", Exchange.Never, $"{row.Cooling} addresses of {row.Block} cool since {row.CoolingSince:T} and it is {history.Ended:T}: nobody ended it.");

    private static IEnumerable<Violation> OfGoneHosts(History history, WorldPlan plan)
    {
        var gone = new Dictionary<string, (DateTimeOffset At, int Place)>();
        var claimed = new Dictionary<(Cidr, DateTimeOffset?), int>();
        foreach (var (place, commit) in history.Commits.Index())
        {
            foreach (var node in commit.Changes<IpamViewChange.ResourceGone>().Where(node => node.Kind == "Node"))
            {
                gone[node.Name] = (commit.Unit.At, place);
            }

            foreach (var stands in commit.Changes<IpamViewChange.BlockStands>())
            {
                claimed.TryAdd((stands.Row.Block, stands.Row.ClaimedAt), place);
            }
        }

        return from row in history.Final.Blocks.Values
               where row.Owner is { Kind: OwnerKind.Host } owner && gone.ContainsKey(owner.Name) && !StoredPolicy.Of(history.Final).Zones.ContainsKey(owner.Name)
               let end = gone[row.Owner!.Value.Name]

               // A given address may be asked for a host that has no node: a block that was claimed behind its end is none of those it left.
               where row.ClaimedAt <= end.At && claimed[(row.Block, row.ClaimedAt)] < end.Place && end.At + Quiet + plan.Clocks.Apart < history.Ended
               select new Violation("INV-5", Exchange.Never, $"{row.Block} is still {row.Owner}'s, whose node is gone.");
    }

    /// <summary>Who has several blocks of a family has none that was empty for long; the last one he keeps as his spare.</summary>
    private static IEnumerable<Violation> Idle(History history, WorldPlan plan, SweepPlan sweeps)
    {
        if (sweeps.IdleGrace <= TimeSpan.Zero)
        {
            yield break;
        }

        var touched = new Dictionary<Cidr, DateTimeOffset>();
        foreach (var commit in history.Commits)
        {
            foreach (var stands in commit.Changes<IpamViewChange.BlockStands>())
            {
                touched[stands.Row.Block] = commit.At;
            }
        }

        foreach (var blocks in history.Final.Blocks.Values.Where(row => row.Owner is not null).GroupBy(row => (row.Owner, row.Block.Family)).Where(blocks => blocks.Count() > 1))
        {
            foreach (var row in blocks.Where(row => row is { Assigned: 0, Cooling: 0 } && touched[row.Block] + sweeps.IdleGrace + Quiet + plan.Clocks.Apart < history.Ended))
            {
                yield return new("INV-3", Exchange.Never, $"{row.Owner} has {blocks.Count()} blocks and {row.Block} of them is empty since {touched[row.Block]:T}; it is {history.Ended:T}.");
            }
        }
    }

    private static IEnumerable<Violation> Unfinished(History history) =>
        from row in history.Final.Addresses.Values
        where row.Handle is { } handle && history.Final.ClosedThrough(handle) is { } through && (row.Issued is null || row.Issued <= through)
        select new Violation("INV-4", Exchange.Never, $"{row.Handle} was finally released through {history.Final.ClosedThrough(row.Handle!):T} and still holds {row.Ip}.");
}

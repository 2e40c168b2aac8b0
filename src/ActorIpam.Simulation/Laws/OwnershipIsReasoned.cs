using ActorIpam.Domain.Pools;
using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-5, INV-10: nobody loses his blocks for a reason that does not hold, no pool goes while its blocks have owners, and strict affinity is strict at each commit.</summary>
public static class OwnershipIsReasoned
{
    public static IEnumerable<Violation> Judge(History history) => history.Commits.SelectMany(commit => EndsWithoutReason(commit).Concat(GoesWithOwners(commit)).Concat(Borrows(commit, Restored.Of(history))).Concat(LeavesNone(commit)));

    private static IEnumerable<Violation> EndsWithoutReason(Commit commit)
    {
        foreach (var append in commit.Unit.Appends.Where(append => append.Stream.Value.StartsWith("pool/", StringComparison.Ordinal)))
        {
            if (!append.Events.Contains("node-deleted", StringComparison.Ordinal))
            {
                continue;
            }

            var facts = PoolEventCodec.Instance.Read(append.Events, append.Schema);
            var ended = facts.Any(fact => fact is PoolEvent.BlockGivenBack { Why: "node-deleted" } or PoolEvent.BlockOrphaned { Why: "node-deleted" });
            var nodes = StoredPolicy.Of(commit.After).Zones;
            foreach (var raised in commit.Unit.Raises.Where(stream => ended && stream.Value.StartsWith("host/host:", StringComparison.Ordinal) && nodes.ContainsKey(stream.Value["host/host:".Length..])))
            {
                yield return new("INV-5", commit.Instant, $"{raised} lost a block because its node is gone, but it is there.");
            }
        }
    }

    /// <summary>What is idle goes back while its owner keeps another block of the family (semantics.md §12.2).</summary>
    private static IEnumerable<Violation> LeavesNone(Commit commit) =>
        from append in commit.Unit.Appends
        where append.Stream.Value.StartsWith("pool/", StringComparison.Ordinal) && append.Events.Contains("\"idle\"", StringComparison.Ordinal)
        from back in PoolEventCodec.Instance.Read(append.Events, append.Schema).OfType<PoolEvent.BlockGivenBack>()
        where back.Why == "idle"
        from raised in commit.Unit.Raises
        where raised.Value.StartsWith("host/", StringComparison.Ordinal)
        where !commit.After.Blocks.Values.Any(row => $"host/{row.Owner}" == raised.Value && row.Block.Family == back.Block.Family)
        select new Violation("INV-5", commit.Instant, $"{back.Block} was taken from {raised} because it was idle, and it was the last one.");

    private static IEnumerable<Violation> GoesWithOwners(Commit commit)
    {
        if (!commit.Changes<IpamViewChange.ResourceGone>().Any(gone => gone.Kind == "IPPool"))
        {
            return [];
        }

        var pools = commit.After.Resources.Values.Where(row => row.Kind == "IPPool").Select(row => row.Uid).ToHashSet();
        return commit.After.Blocks.Values.Where(row => row.Owner is not null && !pools.Contains(row.Pool))
            .Select(row => new Violation("INV-5", commit.Instant, $"The pool of {row.Block} is gone, but {row.Owner} still owns the block."));
    }

    private static IEnumerable<Violation> Borrows(Commit commit, Restored restored)
    {
        var held = commit.Changes<IpamViewChange.AddressHeld>().ToList();
        return held.Count == 0 || !StoredPolicy.Of(commit.After).Strict
            ? []
            : held.Where(change => commit.After.Blocks.GetValueOrDefault(change.Row.Block)?.Owner is var owner && owner != change.Row.Holder && !restored.HasAdopted(change.Row))
                .Select(change => new Violation("INV-10", commit.Instant, $"{change.Row.Ip} was lent to {change.Row.Holder} under strict affinity."));
    }
}

using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Views;
using ActorIpam.Engine;
using ActorIpam.Engine.InMemory;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-15: whoever was lent an address out of a block of somebody else could not have had a block of that pool for itself, at that commit (semantics.md §5.3).</summary>
/// <remarks>
/// A block that lies over or under another one that is stored, or in which anything is reserved, is taken for one that nobody can have: the law is silent
/// about it. So it is where pools overlap, which they do only half way through a split; and about a block that was an orphan when it went: orphans are
/// in no pool's books, so its end moves no head that a borrower could have fenced.
/// </remarks>
public static class BorrowingWasNeeded
{
    public static IEnumerable<Violation> Judge(History history)
    {
        HashSet<Cidr> orphans = [], wereOrphans = [];
        foreach (var commit in history.Commits)
        {
            // The block may end in the very unit that lends: its last address is released behind the loan, in one turn.
            Follow(commit, orphans, wereOrphans);
            foreach (var lent in LentBy(commit))
            {
                if (PoolOf(lent.Row, commit.After) is { } pool && FirstNobodyHas(pool, commit.After, wereOrphans) is { } spare)
                {
                    yield return new("INV-15", commit.Instant, $"{lent.Row.Ip} was lent to {lent.Row.Holder}, though {spare} was nobody's.");
                }
            }
        }
    }

    private static void Follow(Commit commit, HashSet<Cidr> orphans, HashSet<Cidr> wereOrphans)
    {
        foreach (var stands in commit.Changes<IpamViewChange.BlockStands>())
        {
            wereOrphans.Remove(stands.Row.Block);
            _ = stands.Row.Owner is null ? orphans.Add(stands.Row.Block) : orphans.Remove(stands.Row.Block);
        }

        wereOrphans.UnionWith(commit.Changes<IpamViewChange.BlockGone>().Select(static gone => gone.Block).Where(orphans.Remove));
    }

    private static IEnumerable<IpamViewChange.AddressHeld> LentBy(Commit commit)
    {
        var lent = (
            from append in commit.Unit.Appends
            where append.Events.Contains("\"borrowed\"", StringComparison.Ordinal)
            let first = Cidr.Parse(append.Stream.Value[Streams.Blocks.Length..]).First
            from fact in BlockEventCodec.Instance.Read(append.Events, append.Schema).OfType<BlockEvent.AddressAssigned>()
            where fact.Why == "borrowed"
            select first.Plus((uint)fact.Ordinal)).ToHashSet();
        return lent.Count == 0 ? [] : commit.Changes<IpamViewChange.AddressHeld>().Where(held => lent.Contains(held.Row.Ip));
    }

    private static StoredPolicy.Pool? PoolOf(AddressRow row, JournalState state) =>
        StoredPolicy.Of(state).Pools.Where(pool => pool.Range.Contains(row.Ip)).Take(2).ToList() is [var only] ? only : null;

    private static Cidr? FirstNobodyHas(StoredPolicy.Pool pool, JournalState state, HashSet<Cidr> wereOrphans)
    {
        var grid = new BlockGrid(pool.Range, pool.BlockSize);
        var reserved = StoredPolicy.Of(state).Reserved;
        for (UInt128 index = 0; index < grid.Count; index++)
        {
            var block = grid.BlockAt(index);
            if (!wereOrphans.Contains(block) && !state.Blocks.Keys.Any(block.Overlaps) && !reserved.Any(block.Overlaps))
            {
                return block;
            }
        }

        return null;
    }
}

using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-5: a pool that goes because its parts have taken its place leaves no block behind, and while blocks move nobody loses anything (semantics.md §4.5).</summary>
public static class SplitsLoseNothing
{
    public static IEnumerable<Violation> Judge(History history)
    {
        var before = Engine.InMemory.JournalState.Empty;
        foreach (var commit in history.Commits)
        {
            foreach (var gone in commit.Changes<IpamViewChange.ResourceGone>().Where(gone => gone.Kind == "IPPool"))
            {
                var whole = before.Resources.Values.First(row => row.Kind == gone.Kind && row.Name == gone.Name);
                // Who deletes a pool in the middle of its split leaves its blocks behind, as with any pool.
                var isDeleted = history.Exchanges.Concat(history.Earlier).Any(exchange => exchange is Exchange.Deleting { Kind: Domain.Resources.ResourceKind.IPPool } deleting && deleting.Name == gone.Name && deleting.Asked < commit.Instant && deleting.Answered >= commit.Instant);
                var isSplit = !isDeleted && commit.After.Resources.Values.Any(row => row.Kind == "IPPool" && row.Name.StartsWith($"split-{gone.Name}-", StringComparison.Ordinal));
                foreach (var left in commit.After.Blocks.Values.Where(row => isSplit && row.Pool == whole.Uid))
                {
                    yield return new("INV-5", commit.Instant, $"{gone.Name} was split and is gone, but {left.Block} was left with it.");
                }
            }

            foreach (var moved in commit.Changes<IpamViewChange.BlockStands>().Where(stands => before.Blocks.GetValueOrDefault(stands.Row.Block) is { } known && known.Pool != stands.Row.Pool))
            {
                var (known, row) = (before.Blocks[moved.Row.Block], moved.Row);
                if (commit.Unit.Appends.Any(append => append.Stream.Value.StartsWith("block/", StringComparison.Ordinal) && append.Events.Contains("BlockMoved", StringComparison.Ordinal))
                    && (row.Owner != known.Owner || row.Assigned != known.Assigned || row.Free != known.Free || row.Cooling != known.Cooling))
                {
                    yield return new("INV-5", commit.Instant, $"{row.Block} was {known} before it was moved, and is {row}.");
                }
            }

            before = commit.After;
        }
    }
}

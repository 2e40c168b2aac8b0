using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-6: free + assigned + cooling + host-reserved = size, and the counters are those of the addresses; borrowed counts what others hold.</summary>
public static class BlocksAddUp
{
    public static IEnumerable<Violation> Judge(History history) => history.Commits.SelectMany(Judge);

    private static IEnumerable<Violation> Judge(Commit commit)
    {
        foreach (var row in commit.Changes<IpamViewChange.BlockStands>().Select(change => change.Row))
        {
            var held = commit.After.Addresses.Values.Where(address => address.Block == row.Block).ToList();
            if (row.Free + row.Assigned + row.Cooling + row.HostReserved != row.Size || row.Size != (int)row.Block.Size)
            {
                yield return new("INV-6", commit.Instant, $"{row.Block}: {row.Free} free + {row.Assigned} assigned + {row.Cooling} cooling + {row.HostReserved} reserved are not {row.Size}.");
            }

            if (held.Count != row.Assigned || held.Count(address => address.Holder != row.Owner) != row.Borrowed)
            {
                yield return new("INV-6", commit.Instant, $"{row.Block} counts {row.Assigned} assigned, {row.Borrowed} borrowed; the addresses say {held.Count}, {held.Count(address => address.Holder != row.Owner)}.");
            }
        }

        foreach (var gone in commit.Changes<IpamViewChange.BlockGone>().Where(gone => !commit.After.Blocks.ContainsKey(gone.Block)))
        {
            if (commit.After.Addresses.Values.FirstOrDefault(address => address.Block == gone.Block) is { } left)
            {
                yield return new("INV-6", commit.Instant, $"{gone.Block} is gone, but {left.Ip} in it is held.");
            }
        }
    }
}

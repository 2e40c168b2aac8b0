using ActorIpam.Domain.Pools;
using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-12: nobody who needs a further block is given one at his limit, whoever else serves his host at the same time.</summary>
/// <remarks>
/// Blocks that were asked for by name are not limited (semantics.md §9.4), nor are those in which a host, after a disaster, holds addresses already; counted a pool, because a request counts in its own pools only. Only blocks from which
/// pods were given addresses at once are judged: who makes sure of a block, or of a tunnel address, names no limit, and may share the unit, or the block, with somebody who does.
/// </remarks>
public static class BlockLimitsHold
{
    public static IEnumerable<Violation> Judge(History history, WorldPlan plan) => plan.MaxBlocks == 0
        ? []
        : from commit in history.Commits
          let claims = ClaimsIn(commit).ToList()
          where claims.Count > 0 && claims.TrueForAll(static claim => claim.Claimed.Why is not ("asked" or "adopted"))
          let held = commit.Changes<IpamViewChange.AddressHeld>().Select(static held => held.Row).ToList()
          let ofTunnels = claims.Where(claim => held.Exists(row => Tunnels.IsTunnel(row) && claim.Claimed.Block.Contains(row.Ip))).Select(static claim => claim.Claimed.Block).ToHashSet()
          from claim in claims
          where !ofTunnels.Contains(claim.Claimed.Block) && held.Exists(row => claim.Claimed.Block.Contains(row.Ip))
          let owned = commit.After.Blocks.Values.Count(row => row.Owner == claim.Claimed.Owner && row.Pool == claim.Pool && !ofTunnels.Contains(row.Block))
          where owned > plan.MaxBlocks
          select new Violation("INV-12", commit.Instant, $"{claim.Claimed.Owner} was given {claim.Claimed.Block} as block number {owned} of a pool, {plan.MaxBlocks} is its limit.");

    /// <summary>The blocks that somebody got in a unit, each with the uid of its pool.</summary>
    internal static IEnumerable<(string Pool, PoolEvent.BlockClaimed Claimed)> ClaimsIn(Commit commit) =>
        from append in commit.Unit.Appends
        where append.Stream.Value.StartsWith("pool/", StringComparison.Ordinal)
        from claimed in PoolEventCodec.Instance.Read(append.Events, append.Schema).OfType<PoolEvent.BlockClaimed>()
        select (append.Stream.Value["pool/".Length..], claimed);
}

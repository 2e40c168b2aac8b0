using System.Collections.Immutable;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using static ActorIpam.Engine.Impact.Wording;

namespace ActorIpam.Engine.Impact;

/// <summary>What a change of a reservation or of the configuration does to what is in use.</summary>
internal sealed class PolicyEffects(IViews views)
{
    /// <param name="before">The reservation as it is; null for one that is created.</param>
    /// <param name="after">The reservation as it would be; null for one that is deleted.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ImmutableArray<ImpactEffect>> OfAsync(IpReservation? before, IpReservation? after, CancellationToken cancellation)
    {
        var (old, wanted) = (ReservedRanges.From(before?.ReservedCidrs ?? []), ReservedRanges.From(after?.ReservedCidrs ?? []));
        var effects = ImmutableArray.CreateBuilder<ImpactEffect>();
        foreach (var range in wanted.Parsed.Where(range => !old.Covers(range)))
        {
            var held = await views.FindAddressesAsync(new() { Range = range, Limit = Usage.MostBlocks }, cancellation);
            if (!held.Items.IsEmpty)
            {
                effects.Add(Effect(
                    "covers_held",
                    $"{range} covers {(held.More ? "at least " : "")}{Many(held.Items.Length, "held address", "held addresses")} ({Names([.. held.Items.Select(static row => $"{row.Ip} of {row.Handle ?? row.Holder.Name}")])}): "
                    + "they stay with their holders until they are released, and are not assigned again", held.Items.Length));
            }
        }

        var freed = old.Parsed.Where(range => !wanted.Covers(range)).Select(static range => range.ToString()).ToList();
        if (freed.Count > 0)
        {
            effects.Add(Effect("unreserved", $"{Names(freed)} can be assigned again", freed.Count));
        }

        return effects.ToImmutable();
    }

    /// <param name="before">The rules as they are.</param>
    /// <param name="after">The rules as they would be.</param>
    /// <param name="pools">All pools.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ImmutableArray<ImpactEffect>> OfAsync(AllocationRules before, AllocationRules after, ImmutableArray<PoolPolicy> pools, CancellationToken cancellation)
    {
        var effects = ImmutableArray.CreateBuilder<ImpactEffect>();
        var totals = pools.IsEmpty ? [] : await views.TotalsAsync([.. pools.Select(static pool => pool.Range)], cancellation);
        if (after.StrictAffinity != before.StrictAffinity)
        {
            var borrowed = totals.Sum(static sum => sum.Borrowed);
            effects.Add(Effect(
                "strict_affinity",
                after.StrictAffinity ? $"hosts borrow no more: {Many(borrowed, "borrowed address", "borrowed addresses")} stay until they are released" : "hosts may borrow from each other's blocks", borrowed));
        }

        if (after.AutoAllocateBlocks != before.AutoAllocateBlocks)
        {
            effects.Add(Effect("auto_allocate", after.AutoAllocateBlocks ? "hosts get blocks on demand again" : "hosts get no new blocks: who has none gets addresses only by borrowing"));
        }

        if (after.Cooldown != before.Cooldown)
        {
            var cooling = totals.Sum(static sum => sum.Cooling);
            effects.Add(Effect(
                "cooldown", $"released addresses cool for {after.Cooldown.TotalSeconds:0} instead of {before.Cooldown.TotalSeconds:0} seconds, {Many(cooling, "address that is", "addresses that are")} cooling now included", cooling));
        }

        if (after.MaxBlocksPerHost > 0 && after.MaxBlocksPerHost != before.MaxBlocksPerHost)
        {
            var rows = await views.BlocksInAsync(range: null, Usage.MostBlocks, after: null, cancellation);
            var above = rows.Where(static row => row.Owner is not null).GroupBy(static row => row.Owner!.Value.Name).Where(host => host.Count() > after.MaxBlocksPerHost)
                .Select(static host => host.Key).Order(StringComparer.Ordinal).ToList();
            effects.Add(Effect(
                "block_limit",
                above.Count == 0 ? $"no host has more than {Many(after.MaxBlocksPerHost, "block")} now"
                    : $"{Many(above.Count, "host")} ({Names(above)}) {(above.Count == 1 ? "has" : "have")} more than {Many(after.MaxBlocksPerHost, "block")}: they keep them and get no new ones", above.Count));
        }

        return effects.ToImmutable();
    }
}

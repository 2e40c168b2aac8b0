using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Pools;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-10: after the answer to disable, delete or reserve, no later commit assigns what it forbids, until somebody asks to take it back; and no commit at all assigns or claims what the catalog forbids at that instant.</summary>
/// <remarks>
/// Where a split ended half way, pools overlap: an address that another, enabled pool holds is that pool's to give. Every assignment and every claim is fenced on the policy and on the head of its node,
/// so the catalog behind its commit is the one it was decided on. A given address may be reserved and its host may have no node (semantics.md §6), and so may what a host reports to a restored journal.
/// A block that moves to a part of its pool is not claimed anew: it moves while the whole is disabled, whatever the part is.
/// </remarks>
public static class PolicyIsObeyed
{
    public static IEnumerable<Violation> Judge(History history)
    {
        var given = history.Exchanges.Concat(history.Earlier).OfType<Exchange.AssigningGiven>().Select(exchange => exchange.Request).ToList();
        bool IsExempt(Commit commit, AddressRow row) => Restored.Of(history).HasAdopted(row) || given.Exists(request => IsFor(request, commit, row));
        return
        [
            .. from exchange in history.Exchanges
               where exchange.IsAnswered && !IsRefused(exchange)
               from ban in BansOf(exchange)
               let until = LiftedAt(ban, exchange, history)
               from commit in history.Commits
               where commit.Instant > exchange.Answered && commit.Instant < until
               from held in commit.Changes<IpamViewChange.AddressHeld>()
               where ban.Forbids(held.Row, IsExempt(commit, held.Row))
               where ban.Kind != ResourceKind.IPPool || !StoredPolicy.Of(commit.After).Pools.Any(pool => !pool.Disabled && !ban.Ranges.Contains(pool.Range) && pool.Range.Contains(held.Row.Ip))
               select new Violation("INV-10", commit.Instant, $"{held.Row.Ip} was assigned to {held.Row.Handle} on {held.Row.Holder}, against {ban}, which was answered at step {exchange.Answered}."),
            .. from commit in history.Commits
               from held in commit.Changes<IpamViewChange.AddressHeld>()
               let why = WhatForbids(held.Row, StoredPolicy.Of(commit.After), IsExempt(commit, held.Row))
               where why is not null
               select new Violation("INV-10", commit.Instant, $"{held.Row.Ip} was assigned to {held.Row.Handle} on {held.Row.Holder}, though {why}."),
            .. from commit in history.Commits
               from claim in BlockLimitsHold.ClaimsIn(commit)
               let why = WhatForbids(claim.Pool, claim.Claimed, StoredPolicy.Of(commit.After))
               where why is not null
               select new Violation("INV-10", commit.Instant, $"{claim.Claimed.Block} was claimed for {claim.Claimed.Owner} ({claim.Claimed.Why}), though {why}."),
        ];
    }

    /// <summary>By the id under which the unit records it; by address and handle where it records none.</summary>
    private static bool IsFor(AssignIpRequest given, Commit commit, AddressRow row) =>
        given.Ip == row.Ip.ToString() && given.Handle == row.Handle
        && commit.Unit.Guards.OfType<IpamGuard.NewRequest>().Where(request => request.Grant.Contains(new(row.Ip, row.Generation))).All(request => request.Id == given.RequestId);

    private static string? WhatForbids(AddressRow row, StoredPolicy policy, bool isExempt) =>
        !policy.Pools.Any(pool => !pool.Disabled && pool.Range.Contains(row.Ip)) ? "it was in no enabled pool"
        : isExempt ? null
        : policy.IsReserved(row.Ip) ? "it was reserved"
        : policy.Zones.ContainsKey(row.Holder.Name) ? null : "the host had no node";

    private static string? WhatForbids(string uid, PoolEvent.BlockClaimed claimed, StoredPolicy policy) =>
        claimed.Why == "split" ? null
        : !policy.Pools.Any(pool => pool.Uid == uid && !pool.Disabled) ? "its pool was not enabled"
        : claimed.Why is not ("demand" or "reclaimed") || policy.Zones.ContainsKey(claimed.Owner.Name) ? null : "the host had no node";

    private static bool IsRefused(Exchange exchange) => exchange switch
    {
        Exchange.Storing storing => storing.Answer.IsRefused,
        Exchange.Deleting deleting => deleting.Answer.IsRefused,
        _ => true,
    };

    private static ImmutableArray<Ban> BansOf(Exchange exchange) => exchange switch
    {
        Exchange.Storing { Resource: IpPool { Spec.Disabled: true } pool } => [new(ResourceKind.IPPool, pool.Metadata.Name, [Cidr.Parse(pool.Spec.Cidr!)], null)],
        Exchange.Storing { Resource: IpReservation reservation } => [new(ResourceKind.IPReservation, reservation.Metadata.Name, [.. reservation.ReservedCidrs.Select(Cidr.Parse)], null)],
        Exchange.Deleting { Kind: ResourceKind.IPPool, Answer.Value: IpPool pool } => [new(ResourceKind.IPPool, pool.Metadata.Name, [Cidr.Parse(pool.Spec.Cidr!)], null)],
        Exchange.Deleting { Kind: ResourceKind.Node } node => [new(ResourceKind.Node, node.Name, [], node.Name)],
        _ => [],
    };

    /// <summary>When somebody is first asked, after or beside the ban, for what may lift it.</summary>
    private static long LiftedAt(Ban ban, Exchange by, History history) => history.Exchanges
        .Where(exchange => exchange != by && !exchange.ReachedNobody && exchange.Over > by.Asked && Lifts(exchange, ban))
        .Min(exchange => (long?)exchange.Asked) ?? Exchange.Never;

    private static bool Lifts(Exchange exchange, Ban ban) => exchange switch
    {
        Exchange.Storing { Resource: IpPool { Spec.Disabled: not true } pool } => ban.Kind == ResourceKind.IPPool && ban.Touches(Cidr.Parse(pool.Spec.Cidr!)),
        Exchange.Splitting { Request.Pool: var pool } => ban.Kind == ResourceKind.IPPool && (pool == ban.Name || ban.Name.StartsWith($"split-{pool}-", StringComparison.Ordinal)),
        Exchange.Storing { Resource: Node node } => ban.Kind == ResourceKind.Node && node.Metadata.Name == ban.Name,
        Exchange.Deleting { Kind: ResourceKind.IPReservation } deleting => ban.Kind == ResourceKind.IPReservation && deleting.Name == ban.Name,
        _ => false,
    };

    private sealed record Ban(ResourceKind Kind, string Name, ImmutableArray<Cidr> Ranges, string? Host)
    {
        public bool Touches(Cidr range) => Ranges.Any(banned => banned.Overlaps(range));

        /// <summary>A given address may be reserved, and its host may have no node (semantics.md §6); the pool must be enabled all the same.</summary>
        public bool Forbids(AddressRow row, bool wasGiven) => Kind switch
        {
            ResourceKind.IPPool => Ranges.Any(range => range.Contains(row.Ip)),
            ResourceKind.IPReservation => !wasGiven && Ranges.Any(range => range.Contains(row.Ip)),
            _ => !wasGiven && row.Holder == Owner.Host(Host!),
        };

        public override string ToString() => $"{Kind} {Name}";
    }
}

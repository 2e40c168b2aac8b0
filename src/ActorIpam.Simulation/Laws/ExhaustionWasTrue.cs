using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.InMemory;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-9, INV-15: who was told that there is no more room was told the truth, for some instant between question and answer.</summary>
/// <remarks>
/// Judged by a naive second reading of the rules: every address of a pool the host may use that nobody holds, nobody reserved and that does not
/// cool is room; with strict affinity only in blocks that are the host's or nobody's. What cooled when the question was asked counts as cooling to the end.
/// The answer may be that of a twin of the request, which was asked earlier; one that a limit of blocks made short says so to the first who hears it only, and that may be a member that had asked another before.
/// </remarks>
public static class ExhaustionWasTrue
{
    public static IEnumerable<Violation> Judge(History history, WorldPlan plan) =>
        from exchange in history.Exchanges.OfType<Exchange.Assigning>()
        where exchange.IsAnswered && SaysExhausted(exchange) && !IsRepeat(exchange, history)
        let attempts = history.Exchanges.Concat(history.Earlier).OfType<Exchange.Assigning>().Where(twin => twin.Request.RequestId == exchange.Request.RequestId && twin.Asked < exchange.Answered).ToList()
        where exchange.Answer.IsRefused || plan.MaxBlocks == 0 || (attempts.Count == 1 && !plan.Forwards)
        let asked = attempts.Min(attempt => attempt.Asked)
        let cool = CoolSince(history, asked, plan)
        where !history.StatesWithinTurnsBetween(asked, exchange.Answered).Concat(WithItsTurn(history, exchange, asked)).Any(state => IsTrueIn(state, exchange, cool))
        select new Violation("INV-15", exchange.Answered, $"{exchange.Member} told {exchange.Request.RequestId} that there is no room, which was true at no instant since step {exchange.Asked}.");

    /// <summary>
    /// What a turn gave, as if it had been given earlier: a command of the same turn, granted or refused, was decided behind it, and what others freed
    /// between that decision and its commit need not have been seen. All of it happens at one instant before such a release.
    /// </summary>
    private static IEnumerable<JournalState> WithItsTurn(History history, Exchange.Assigning exchange, long asked) =>
        from commit in history.Commits
        where commit.Instant > asked && commit.Instant <= exchange.Answered
        from state in history.StatesBetween(asked, commit.Instant)
        select state with { Addresses = state.Addresses.SetItems(commit.Changes<IpamViewChange.AddressHeld>().Select(held => KeyValuePair.Create(held.Row.Ip, held.Row))) };

    private static bool SaysExhausted(Exchange.Assigning exchange) => exchange.Answer.IsRefused
        ? exchange.Answer.Refusals[0].Code == RefusalCode.Exhausted
        : exchange.Answer.Value.Refusal is null && Families(exchange.Request).Any(family => Granted(exchange, family).Length < Wanted(exchange.Request, family));

    /// <summary>A repeated request is answered with what it was granted; that it was short was true then. What another held under another generation when it was asked was given behind that.</summary>
    private static bool IsRepeat(Exchange.Assigning exchange, History history) => Grants.AddressesOf(exchange) is { Length: > 0 } granted
        && history.StatesBetween(exchange.Asked, exchange.Asked).First().Addresses.GetValueOrDefault(IpAddress.Parse(granted[0].Address))?.Generation == granted[0].Generation;

    /// <summary>What was released later than this may still have cooled when the question was asked.</summary>
    internal static DateTimeOffset CoolSince(History history, long asked, WorldPlan plan)
    {
        var cooldown = TimeSpan.FromSeconds(plan.Cooldown);
        var before = history.Commits.LastOrDefault(commit => commit.Instant <= asked);
        return before is null || cooldown == TimeSpan.Zero ? DateTimeOffset.MaxValue : before.At - cooldown - plan.Clocks.Apart;
    }

    private static bool IsTrueIn(JournalState state, Exchange.Assigning exchange, DateTimeOffset cool)
    {
        var families = Families(exchange.Request).ToList();
        if (exchange.Answer.IsRefused)
        {
            return families.Exists(family => Room(state, exchange.Request, family, cool) < Wanted(exchange.Request, family));
        }

        return families.TrueForAll(family => Granted(exchange, family).Length >= Wanted(exchange.Request, family)
            || Room(state, exchange.Request, family, cool) + StillHeld(state, exchange, family) <= Granted(exchange, family).Length);
    }

    private static IEnumerable<IpFamily> Families(AssignRequest request) => ((IpFamily[])[IpFamily.V4, IpFamily.V6]).Where(family => Wanted(request, family) > 0);

    private static int Wanted(AssignRequest request, IpFamily family) => family == IpFamily.V4 ? request.Ipv4 : request.Ipv6;

    private static ImmutableArray<AssignedAddress> Granted(Exchange.Assigning exchange, IpFamily family) =>
        exchange.Answer.IsRefused ? [] : family == IpFamily.V4 ? exchange.Answer.Value.Ipv4 : exchange.Answer.Value.Ipv6;

    private static int StillHeld(JournalState state, Exchange.Assigning exchange, IpFamily family) =>
        Granted(exchange, family).Count(address => state.Addresses.TryGetValue(IpAddress.Parse(address.Address), out var row) && row.Generation == address.Generation);

    private static int Room(JournalState state, AssignRequest request, IpFamily family, DateTimeOffset cool)
    {
        var policy = StoredPolicy.Of(state);
        return (from pool in policy.PoolsFor(request.Host!, family, family == IpFamily.V4 ? request.Ipv4Pools : request.Ipv6Pools)
                from offset in Enumerable.Range(0, (int)pool.Range.Size)
                let ip = pool.Range.First.Plus((UInt128)offset)
                where !state.Addresses.ContainsKey(ip) && !policy.IsReserved(ip) && !Cools(state, ip, cool)
                where !policy.Strict || MayUse(state, Cidr.Containing(ip, pool.BlockSize), request.Host!)
                select ip).Distinct().Count();
    }

    internal static bool Cools(JournalState state, IpAddress ip, DateTimeOffset cool) =>
        state.History.TryGetValue(ip, out var past) && past[^1].ReleasedAt > cool;

    private static bool MayUse(JournalState state, Cidr block, string host) =>
        state.Blocks.GetValueOrDefault(block) is not { } row || row.Owner == Owner.Host(host);
}

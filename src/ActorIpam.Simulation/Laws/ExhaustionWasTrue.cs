using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine.InMemory;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-9, INV-15: who was told that there is no more room was told the truth, for some instant between question and answer.</summary>
/// <remarks>Judged by a naive second reading of the rules: every address of a pool the host may use that nobody holds, nobody reserved and that does not cool is room.</remarks>
public static class ExhaustionWasTrue
{
    public static IEnumerable<Violation> Judge(History history, WorldPlan plan)
    {
        if (plan.Strict || plan.Cooldown > 0)
        {
            return [];
        }

        return from exchange in history.Exchanges.OfType<Exchange.Assigning>()
               where exchange.IsAnswered && SaysExhausted(exchange) && !IsRepeat(exchange, history)
               where !history.StatesBetween(exchange.Asked, exchange.Answered).Any(state => IsTrueIn(state, exchange))
               select new Violation("INV-15", exchange.Answered, $"{exchange.Member} told {exchange.Request.RequestId} that there is no room, which was true at no instant since step {exchange.Asked}.");
    }

    private static bool SaysExhausted(Exchange.Assigning exchange) => exchange.Answer.IsRefused
        ? exchange.Answer.Refusals[0].Code == RefusalCode.Exhausted
        : exchange.Answer.Value.Refusal is null && exchange.Answer.Value.Ipv4.Length < exchange.Request.Ipv4;

    /// <summary>A repeated request is answered with what it was granted; that it was short was true then.</summary>
    private static bool IsRepeat(Exchange.Assigning exchange, History history) => Grants.AddressesOf(exchange) is { Length: > 0 } granted
        && history.StatesBetween(exchange.Asked, exchange.Asked).First().Addresses.ContainsKey(IpAddress.Parse(granted[0].Address));

    private static bool IsTrueIn(JournalState state, Exchange.Assigning exchange)
    {
        var granted = Grants.AddressesOf(exchange);
        var own = granted.Count(address => state.Addresses.TryGetValue(IpAddress.Parse(address.Address), out var row) && row.Generation == address.Generation);
        var room = Room(state, exchange.Request);
        return exchange.Request.AllOrNothing ? room < exchange.Request.Ipv4 : room + own <= granted.Length;
    }

    private static int Room(JournalState state, AssignRequest request)
    {
        var policy = StoredPolicy.Of(state);
        var pools = policy.PoolsFor(request.Host!, request.Ipv4Pools);
        return pools.Sum(pool => Enumerable.Range(0, (int)pool.Size)
            .Select(offset => pool.First.Plus((UInt128)offset))
            .Count(ip => !state.Addresses.ContainsKey(ip) && !policy.IsReserved(ip)));
    }
}

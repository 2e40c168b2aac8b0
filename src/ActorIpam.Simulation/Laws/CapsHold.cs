using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-12: what was assigned under a cap left the handle within it, and nobody got more than he asked for, or a part of all or nothing.</summary>
/// <remarks>
/// The cap counts each family by itself, whether anybody heard of the assignment or not. What a capped request finds held already it may be answered, however much that is (semantics.md §5.6): only what it took itself counts.
/// </remarks>
public static class CapsHold
{
    public static IEnumerable<Violation> Judge(History history) => [.. history.Exchanges.OfType<Exchange.Assigning>().SelectMany(Wrong), .. Exceeded(history)];

    private static IEnumerable<Violation> Wrong(Exchange.Assigning exchange)
    {
        if (!exchange.IsAnswered || exchange.Answer.IsRefused)
        {
            yield break;
        }

        var (request, four, six) = (exchange.Request, exchange.Answer.Value.Ipv4.Length, exchange.Answer.Value.Ipv6.Length);
        if (four > request.Ipv4 || six > request.Ipv6 || (request.AllOrNothing && four + six != 0 && four + six != request.Ipv4 + request.Ipv6))
        {
            yield return new("INV-12", exchange.Answered, $"{request.RequestId} asked for {request.Ipv4} and {request.Ipv6} of IPv6{(request.AllOrNothing ? ", all or nothing," : "")} and got {four} and {six}.");
        }
    }

    private static IEnumerable<Violation> Exceeded(History history)
    {
        var caps = history.Exchanges.Concat(history.Earlier).Select(CapOf).Where(capped => capped.Cap > 0).ToLookup(capped => capped.Request, capped => capped.Cap);
        return from commit in history.Commits
               from request in commit.Unit.Guards.OfType<IpamGuard.NewRequest>()
               from cap in caps[request.Id].Take(1)
               from family in commit.Changes<IpamViewChange.AddressHeld>().Where(held => request.Grant.Contains(new(held.Row.Ip, held.Row.Generation))).Select(held => held.Row.Ip.Family).Distinct()
               let held = commit.After.Addresses.Values.Count(row => row.Handle == request.Handle && row.Ip.Family == family)
               where held > cap
               select new Violation("INV-12", commit.Instant, $"{request.Handle} was capped at {cap} and holds {held} of {family}.");
    }

    private static (string? Request, int Cap) CapOf(Exchange exchange) => exchange switch
    {
        Exchange.Assigning { Request: var request } => (request.RequestId, request.MaxPerHandle),
        Exchange.AssigningGiven { Request: var request } => (request.RequestId, request.MaxPerHandle),
        _ => default,
    };
}

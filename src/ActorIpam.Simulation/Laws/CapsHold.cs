using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-12: what was assigned under a cap left the handle within it, and nobody got more than he asked for, or half of all or nothing.</summary>
public static class CapsHold
{
    public static IEnumerable<Violation> Judge(History history)
    {
        var commits = new Dictionary<(string, long), Commit>();
        foreach (var commit in history.Commits)
        {
            foreach (var held in commit.Changes<Domain.Views.IpamViewChange.AddressHeld>())
            {
                commits[(held.Row.Ip.ToString(), held.Row.Generation)] = commit;
            }
        }

        // What a capped request finds held already it may be answered, however much that is (semantics.md §5.6): only what it took itself counts.
        foreach (var exchange in history.Exchanges.OfType<Exchange.Assigning>().Where(exchange => exchange.IsAnswered && !exchange.Answer.IsRefused))
        {
            var (request, granted) = (exchange.Request, exchange.Answer.Value.Ipv4);
            if (exchange.Answer.Value.Ipv6.Length > request.Ipv6)
            {
                yield return new("INV-12", exchange.Answered, $"{request.RequestId} asked for {request.Ipv6} and got {exchange.Answer.Value.Ipv6.Length} of IPv6.");
            }

            if (granted.Length > request.Ipv4 || (request.AllOrNothing && granted.Length != request.Ipv4 && granted.Length != 0))
            {
                yield return new("INV-12", exchange.Answered, $"{request.RequestId} asked for {request.Ipv4} and got {granted.Length}.");
            }

            foreach (var address in granted.Where(_ => request.MaxPerHandle > 0))
            {
                if (commits.TryGetValue((address.Address, address.Generation), out var commit) && commit.Unit.Guards.OfType<IpamGuard.NewRequest>().Any(guard => guard.Id == request.RequestId) && commit.After.Addresses.Values.Count(row => row.Handle == request.Handle && row.Ip.Family == IpFamily.V4) > request.MaxPerHandle)
                {
                    yield return new("INV-12", commit.Instant, $"{request.Handle} was capped at {request.MaxPerHandle} and holds more.");
                }
            }
        }
    }
}

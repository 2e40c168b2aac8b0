using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-3: when faults are over and clients have their answers, what is held is what somebody knows he holds. Members themselves hold the addresses of tunnels (<see cref="TunnelsAreKept"/>).</summary>
public static class NothingLeaks
{
    public static IEnumerable<Violation> Judge(History history)
    {
        if (!history.Settled)
        {
            return [];
        }

        var excused = Tenure.Of(history.Commits).Where(tenure => tenure.From <= history.Since).Select(tenure => (tenure.Ip, tenure.Generation));
        var known = Grants.Of(history).Concat(Grants.Of(history with { Exchanges = history.Earlier })).Select(grant => (grant.Ip, grant.Generation)).Concat(excused).Concat(Restored.Of(history).Adopted.Keys).ToHashSet();
        return from row in history.Final.Addresses.Values
               where !Tunnels.IsTunnel(row) && !known.Contains((row.Ip, row.Generation)) && !IsTwinOfARefusal(history, row) && !IsCopyFromBefore(history, row)
               select new Violation("INV-3", Exchange.Never, $"{row.Ip} g{row.Generation} is held for {row.Handle}, who was never told.");
    }

    /// <summary>A late copy of a request that was asked before the store went back is granted again when the store has forgotten it; who asked has his answer already.</summary>
    private static bool IsCopyFromBefore(History history, AddressRow row) =>
        history.Commits.Any(commit => commit.Unit.Guards.OfType<IpamGuard.NewRequest>().Any(request =>
            request.Grant.Contains(new(row.Ip, row.Generation)) && history.Earlier.Any(exchange => exchange.IsAnswered && Grants.RequestOf(exchange) == request.Id)));

    /// <summary>
    /// A "no" can be followed by the grant of a twin of the same request that was still under way: who asks twice releases what he does not want (docs/decisions/0006),
    /// and a network that delivers a forwarded request twice has asked twice (docs/decisions/0010). Whoever asks behind the grant is told of it.
    /// </summary>
    private static bool IsTwinOfARefusal(History history, AddressRow row) =>
        (from commit in history.Commits
         from request in commit.Unit.Guards.OfType<IpamGuard.NewRequest>()
         where request.Grant.Contains(new(row.Ip, row.Generation))
         let attempts = history.Exchanges.Where(exchange => exchange.Asked < commit.Instant && !exchange.ReachedNobody && Grants.RequestOf(exchange) == request.Id).ToList()
         select (history.Doubled.Contains(request.Id) || attempts.Count > 1) && attempts.Exists(exchange => exchange.IsAnswered && Grants.AddressesOf(exchange).IsEmpty)).Any(isTwin => isTwin);
}

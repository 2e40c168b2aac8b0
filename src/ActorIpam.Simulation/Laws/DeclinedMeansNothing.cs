using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-3: who is told that the storage is full may forget the request, for nothing was written: an outcome that nobody knows must never be called a failure.</summary>
/// <remarks>Judged when all attempts so far were told so: any other may have been granted.</remarks>
public static class DeclinedMeansNothing
{
    public static IEnumerable<Violation> Judge(History history) =>
        from exchange in history.Exchanges
        where exchange.Declined != Exchange.Never && Grants.RequestOf(exchange) is not null
        where history.Exchanges.Concat(history.Earlier).All(other => Grants.RequestOf(other) != Grants.RequestOf(exchange) || other.Asked > exchange.Declined || other.Declined <= exchange.Declined || other.ReachedNobody)
        from commit in history.Commits
        where commit.Instant <= exchange.Declined && commit.Unit.Guards.OfType<IpamGuard.NewRequest>().Any(guard => guard.Id == Grants.RequestOf(exchange))
        select new Violation("INV-3", exchange.Declined, $"{exchange.Member} said of {Grants.RequestOf(exchange)} that the storage is full, but it had been granted.");
}

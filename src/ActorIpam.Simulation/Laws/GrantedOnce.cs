using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-13: all grants answered to one request are equal in address and generation.</summary>
/// <remarks>Also a capped request that is answered with what its handle held before (semantics.md §5.6): that became its grant.</remarks>
public static class GrantedOnce
{
    public static IEnumerable<Violation> Judge(History history) => Judge(history.Exchanges.Where(exchange => Grants.AddressesOf(exchange).Length > 0));

    private static IEnumerable<Violation> Judge(IEnumerable<Exchange> granted) =>
        from answers in granted.GroupBy(Grants.RequestOf)
        where answers.Key is not null
        let grants = answers.Select(exchange => (exchange.Answered, Grant: Written(exchange))).OrderBy(answer => answer.Answered).ToList()
        from different in grants
        where different.Grant != grants[0].Grant
        select new Violation("INV-13", different.Answered, $"{answers.Key} was granted {grants[0].Grant} and then {different.Grant}.");

    private static string Written(Exchange exchange) =>
        string.Join(" ", Grants.AddressesOf(exchange).Select(address => $"{address.Address}@{address.Generation}").Order(StringComparer.Ordinal));
}

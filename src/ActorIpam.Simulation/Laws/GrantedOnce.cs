using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-13: all grants answered to one request are equal in address and generation.</summary>
/// <remarks>A capped request may be answered with what its handle held before (semantics.md §5.6): that is no grant of its own.</remarks>
public static class GrantedOnce
{
    public static IEnumerable<Violation> Judge(History history)
    {
        var began = Tenure.Of(history.Commits).GroupBy(tenure => (tenure.Ip.ToString(), tenure.Generation)).ToDictionary(tenures => tenures.Key, tenures => tenures.First().From);
        return Judge(history.Exchanges.Where(exchange => Grants.AddressesOf(exchange).Length > 0 && !HeldBefore(exchange, history, began)));
    }

    private static bool HeldBefore(Exchange exchange, History history, Dictionary<(string, long), long> began) =>
        exchange is Exchange.Assigning { Request.MaxPerHandle: > 0 }
        && Grants.AddressesOf(exchange).Any(address => began.TryGetValue((address.Address, address.Generation), out var from)
            && from < history.Exchanges.First(first => Grants.RequestOf(first) == Grants.RequestOf(exchange)).Asked);

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

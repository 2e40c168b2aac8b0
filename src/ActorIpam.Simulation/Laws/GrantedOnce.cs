using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-13: all grants answered to one request are equal in address and generation, and nobody is told "no" while all that his request was granted is held.</summary>
/// <remarks>
/// Also a capped request that is answered with what its handle held before (semantics.md §5.6): that became its grant. A handle that was finally released is closed, whatever of it is held still.
/// </remarks>
public static class GrantedOnce
{
    public static IEnumerable<Violation> Judge(History history) =>
        [.. Different(history.Exchanges.Where(exchange => Grants.AddressesOf(exchange).Length > 0)), .. Denied(history)];

    private static IEnumerable<Violation> Different(IEnumerable<Exchange> granted) =>
        from answers in granted.GroupBy(Grants.RequestOf)
        where answers.Key is not null
        let grants = answers.Select(exchange => (exchange.Answered, Grant: Written(exchange))).OrderBy(answer => answer.Answered).ToList()
        from different in grants
        where different.Grant != grants[0].Grant
        select new Violation("INV-13", different.Answered, $"{answers.Key} was granted {grants[0].Grant} and then {different.Grant}.");

    private static IEnumerable<Violation> Denied(History history)
    {
        var recorded = history.Commits.SelectMany(commit => commit.Unit.Guards.OfType<IpamGuard.NewRequest>().Select(request => (request.Id, request.Grant, commit.Instant))).ToLookup(request => request.Id);
        var tenures = Tenure.Of(history.Commits).ToLookup(tenure => new Grant(tenure.Ip, tenure.Generation));
        return from exchange in history.Exchanges
               where exchange.IsAnswered && Grants.RequestOf(exchange) is not null && Grants.AddressesOf(exchange).IsEmpty && !IsClosed(exchange, history)
               let known = recorded[Grants.RequestOf(exchange)!].LastOrDefault(request => request.Instant <= exchange.Answered)
               where known.Grant is { IsDefaultOrEmpty: false } && known.Instant < exchange.Asked
               where known.Grant.All(grant => tenures[grant].Any(tenure => tenure.From < exchange.Asked && tenure.To > exchange.Answered && tenure.Handle == Grants.HandleOf(exchange)))
               select new Violation("INV-13", exchange.Answered, $"{exchange.Member} granted {known.Id} nothing, which had been granted {string.Join(", ", known.Grant.Select(grant => grant.Ip))} at step {known.Instant}.");
    }

    private static bool IsClosed(Exchange exchange, History history)
    {
        var (isSaid, handle, issued) = exchange switch
        {
            Exchange.Assigning { Answer: { IsRefused: true, Refusals: var why }, Request: var request } => (Says(why), request.Handle, request.IssuedAt),
            Exchange.AssigningGiven { Answer: { IsRefused: true, Refusals: var why }, Request: var request } => (Says(why), request.Handle, request.IssuedAt),
            _ => (false, null, null),
        };
        return isSaid && history.StatesBetween(exchange.Asked, exchange.Answered).Any(state => IsClosedThrough(state.ClosedThrough(handle!), issued));
    }

    /// <summary>The store knows times to the microsecond.</summary>
    internal static bool IsClosedThrough(DateTimeOffset? through, DateTimeOffset? issued) => through is { } closed && (issued is null || issued - closed < TimeSpan.FromMicroseconds(1));

    private static bool Says(ImmutableArray<Refusal> why) => why[0].Code == RefusalCode.HandleClosed;

    private static string Written(Exchange exchange) =>
        string.Join(" ", Grants.AddressesOf(exchange).Select(address => $"{address.Address}@{address.Generation}").Order(StringComparer.Ordinal));
}

using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Simulation.Histories;

/// <summary>An address that somebody was told is his.</summary>
/// <param name="Asked">When the request was first asked.</param>
/// <param name="Answered">When it was first told.</param>
/// <param name="ReleaseAsked">When a release that may end it was first asked for and reached somebody; <see cref="Exchange.Never"/> if none did.</param>
public sealed record Acknowledged(IpAddress Ip, long Generation, string? Handle, DateTimeOffset? Issued, long Asked, long Answered, long ReleaseAsked)
{
    /// <summary>Whose clients were told.</summary>
    public string? Host { get; init; }
}

/// <summary>Reads from the exchanges what was granted, and what may have ended it.</summary>
public static class Grants
{
    /// <summary>Several laws ask for those of one history.</summary>
    private static readonly ConditionalWeakTable<History, IReadOnlyList<Acknowledged>> Known = [];

    /// <summary>Each (address, generation) once, with the earliest answer that named it.</summary>
    public static IReadOnlyList<Acknowledged> Of(History history) => Known.GetValue(history, Read);

    private static IReadOnlyList<Acknowledged> Read(History history)
    {
        var asked = new Dictionary<string, long>(StringComparer.Ordinal);
        var grants = new Dictionary<(IpAddress, long), Acknowledged>();
        foreach (var exchange in history.Exchanges)
        {
            asked.TryAdd(RequestOf(exchange) ?? "", exchange.Asked);
        }

        var rows = Tenure.Of(history.Commits).ToLookup(tenure => (tenure.Ip, tenure.Generation), tenure => tenure.Row);
        foreach (var exchange in history.Exchanges.Where(exchange => exchange.IsAnswered).OrderBy(exchange => exchange.Answered))
        {
            foreach (var address in AddressesOf(exchange))
            {
                var ip = IpAddress.Parse(address.Address);
                var handle = HandleOf(exchange);
                var first = asked.GetValueOrDefault(RequestOf(exchange) ?? "", exchange.Asked);

                // Who asks for an address that his handle holds is told of it as it was issued, in an earlier life perhaps, which may still be ended (0021).
                var row = exchange is Exchange.AssigningGiven ? rows[(ip, address.Generation)].FirstOrDefault(row => row.Handle == handle) : null;
                var issued = row is null ? IssuedOf(exchange) : row.Issued;
                grants.TryAdd((ip, address.Generation), new(ip, address.Generation, handle, issued, first, exchange.Answered, Exchange.Never) { Host = HostOf(exchange) });
            }
        }

        // Who answered a release by name remembers that – a journal that was restored to before it does not, and does it again for a late copy.
        var over = history.Exchanges.OfType<Exchange.Releasing>().Where(release => release.Request.RequestId is not null)
            .GroupBy(release => (release.Request.RequestId!, release.Asked > history.Since)).ToDictionary(attempts => attempts.Key, attempts => attempts.Min(attempt => attempt.Answered));
        Exchange[] releases = [.. history.Exchanges.Where(exchange => !exchange.ReachedNobody && exchange is (Exchange.Releasing or Exchange.ReleasingHandle or Exchange.Collecting))];

        // A store that went back has forgotten that a handle was closed; whoever was issued before gets nothing by right, and a late copy of the release ends it.
        Exchange[] closings = [.. history.Earlier.OfType<Exchange.ReleasingHandle>().Where(release => release.Request.Final && !release.ReachedNobody)];
        return [.. grants.Values.Select(grant => grant with
        {
            ReleaseAsked = releases.Where(exchange => OverAt(exchange, over, history.Since) > grant.Asked && MayEnd(exchange, grant, history))
                .Concat(closings.Where(exchange => grant.Issued is not null && MayEnd(exchange, grant, history)))
                .Min(exchange => (long?)exchange.Asked) ?? Exchange.Never,
        })];
    }

    public static ImmutableArray<AssignedAddress> AddressesOf(Exchange exchange) => exchange switch
    {
        Exchange.Assigning { IsAnswered: true, Answer: { IsRefused: false, Value: var value } } => value.Ipv4.AddRange(value.Ipv6),
        Exchange.AssigningGiven { IsAnswered: true, Answer: { IsRefused: false, Value: var value } } => [value],
        _ => [],
    };

    public static string? RequestOf(Exchange exchange) => exchange switch
    {
        Exchange.Assigning { Request: var request } => request.RequestId,
        Exchange.AssigningGiven { Request: var request } => request.RequestId,
        _ => null,
    };

    public static string? HandleOf(Exchange exchange) => exchange switch
    {
        Exchange.Assigning { Request: var request } => request.Handle,
        Exchange.AssigningGiven { Request: var request } => request.Handle,
        Exchange.ReleasingHandle { Request: var request } => request.Handle,
        _ => null,
    };

    private static string? HostOf(Exchange exchange) => exchange switch
    {
        Exchange.Assigning { Request: var request } => request.Host,
        Exchange.AssigningGiven { Request: var request } => request.Host,
        _ => null,
    };

    private static DateTimeOffset? IssuedOf(Exchange exchange) => exchange switch
    {
        Exchange.Assigning { Request: var request } => request.IssuedAt,
        Exchange.AssigningGiven { Request: var request } => request.IssuedAt,
        _ => null,
    };

    /// <summary>
    /// True if the release may have ended the grant: it names it, and it was not over before the grant was asked for. An attempt that reached somebody and has no answer is never over:
    /// it may sleep in a member that stands still. A final release spares what was issued after it. What a restored journal adopted is issued for it, though it may not have been for who asked.
    /// </summary>
    private static bool MayEnd(Exchange exchange, Acknowledged grant, History history) => exchange switch
    {
        Exchange.ReleasingHandle { Request: { Final: true } request } => request.Handle == grant.Handle && (grant.Issued is null || grant.Issued <= request.IssuedAt),
        Exchange.ReleasingHandle { Request: var request } => request.Handle == grant.Handle,
        Exchange.Releasing { Request: var request } => request.Addresses.Any(entry => Names(entry, grant)),
        Exchange.Collecting { Request: var request } => IsGarbage(request, grant.Handle, grant.Issued ?? (history.Since > 0 && exchange.Asked > history.Since ? request.IssuedAt : null)),
        _ => false,
    };

    /// <summary>True if a collection may release what this handle was given: it is of the network and not kept, and was issued before the list was made.</summary>
    public static bool IsGarbage(GarbageRequest request, string? handle, DateTimeOffset? issued) =>
        handle?.StartsWith($"{request.Network}/", StringComparison.Ordinal) == true && !request.Keep.Contains(handle) && issued <= request.IssuedAt;

    /// <summary>When the release can do nothing any more: a named request is over for all its attempts with the first answer to any of them, as far as the journal still knows of that answer.</summary>
    private static long OverAt(Exchange exchange, Dictionary<(string, bool), long> over, long since) =>
        exchange is Exchange.Releasing { Request.RequestId: { } id } ? Math.Min(over[(id, exchange.Asked > since)], exchange.Over) : exchange.Over;

    private static bool Names(ReleaseEntry entry, Acknowledged grant) =>
        entry.Ip == grant.Ip.ToString()
        && (entry.Handle is null || entry.Handle == grant.Handle)
        && (entry.Generation is null || entry.Generation == grant.Generation);
}

using ActorIpam.Chaos.Load;
using ActorIpam.Chaos.Nodes;
using ActorIpam.Domain.Addressing;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;
using ActorIpam.Simulation.Laws;

namespace ActorIpam.Chaos.Judging;

/// <summary>Holds what clients were told against what the database says became true. The laws are those of the simulator.</summary>
internal static class Judgement
{
    /// <summary>The whole history at once would be compared with itself; addresses are independent, so each is judged on what concerns it.</summary>
    public static async Task<IReadOnlyList<Violation>> OfAsync(Chronicle chronicle, IDatabase database, string schema)
    {
        var commits = await StoredTenures.ReadAsync(database, schema);
        var exchanges = chronicle.Exchanges.OrderBy(exchange => exchange.Asked).ToList();
        var whole = new History(exchanges, [], Settled: true);
        List<Violation> found = [.. GrantedOnce.Judge(whole)];
        foreach (var (ip, concerned) in ByAddress(exchanges, commits))
        {
            var history = new History(concerned, [.. commits[ip]], Settled: true);
            found.AddRange(OneHolder.Judge(history));
            found.AddRange(NothingLost.Judge(history));
            found.AddRange(NothingLeaks.Judge(history));
            found.AddRange(ReleasesRelease.Judge(history));
            found.AddRange(FinalReleases.Judge(history));
        }

        return found;
    }

    private static IEnumerable<(IpAddress Ip, List<Exchange> Exchanges)> ByAddress(List<Exchange> exchanges, ILookup<IpAddress, Commit> commits)
    {
        var attempts = exchanges.Where(exchange => Grants.RequestOf(exchange) is not null).ToLookup(exchange => Grants.RequestOf(exchange)!);
        var finals = exchanges.OfType<Exchange.ReleasingHandle>().ToLookup(exchange => exchange.Request.Handle);
        var granted = exchanges.SelectMany(exchange => Grants.AddressesOf(exchange), (exchange, address) => (Ip: IpAddress.Parse(address.Address), Exchange: exchange)).ToLookup(grant => grant.Ip, grant => grant.Exchange);
        var released = exchanges.OfType<Exchange.Releasing>().SelectMany(exchange => exchange.Request.Addresses, (exchange, entry) => (Ip: IpAddress.Parse(entry.Ip!), Entry: entry, Exchange: exchange))
            .ToLookup(release => release.Ip, release => release.Exchange with { Request = release.Exchange.Request with { Addresses = [release.Entry] } });
        foreach (var ip in granted.Select(of => of.Key).Concat(commits.Select(of => of.Key)).Distinct().Order())
        {
            // Also the attempts of these requests that were not answered: they tell when each was first asked.
            var requests = granted[ip].Select(exchange => Grants.RequestOf(exchange)!).Distinct().SelectMany(id => attempts[id]);
            var handles = granted[ip].Select(Grants.HandleOf).Concat(commits[ip].SelectMany(commit => commit.After.Addresses.Values).Select(row => row.Handle)).Distinct().SelectMany(handle => finals[handle]);
            yield return (ip, [.. requests.Select(exchange => Only(exchange, ip)).Concat<Exchange>(handles).Concat(released[ip]).OrderBy(exchange => exchange.Asked)]);
        }
    }

    /// <summary>What the answer says of this address.</summary>
    private static Exchange Only(Exchange exchange, IpAddress ip) => exchange is Exchange.Assigning { IsAnswered: true, Answer: { IsRefused: false, Value: var value } } assigning
        ? assigning with { Answer = value with { Ipv4 = [.. value.Ipv4.Where(address => IpAddress.Parse(address.Address) == ip)] } }
        : exchange;
}

using ActorIpam.Domain.Pools;
using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Laws;

/// <summary>
/// INV-1, INV-2, across a loss: a restored journal gives nothing but what hosts report until its recovery has ended, and from then on what clients were told before the
/// loss and have not asked to be released is theirs (decision 0019). Not so where a final release of the handle, issued before the loss, is under way once more: it ends what the restored journal knows.
/// </summary>
public static class RestoredJournals
{
    public static IEnumerable<Violation> Judge(History history)
    {
        var restored = Restored.Of(history);
        if (restored.Meanwhile.IsEmpty && restored.Ended == Exchange.Never)
        {
            return [];
        }

        // Hosts report what their clients have not asked to be released, whether anybody heard of it or not.
        var asked = history.AsAsked();
        var later = asked with { Exchanges = [.. asked.Exchanges.Where(exchange => exchange.Asked > history.Since)] };
        var everything = asked with { Exchanges = [.. asked.Earlier, .. later.Exchanges] };
        var told = Grants.Of(asked with { Exchanges = asked.Earlier }).Select(grant => (grant.Ip, grant.Generation)).ToHashSet();

        // Who was told of his address again, under the generation that the restored journal has it by, may end it by that. It may be one of an earlier life of the handle, which was told before, too.
        var again = Grants.Of(later).ToLookup(grant => (grant.Ip, grant.Handle), grant => grant.ReleaseAsked);
        var before = Grants.Of(everything).Where(grant => told.Contains((grant.Ip, grant.Generation)))
            .Select(grant => grant with { ReleaseAsked = again[(grant.Ip, grant.Handle)].Append(grant.ReleaseAsked).Min() }).ToList();
        return [.. GivenMeanwhile(history, restored), .. ClaimedMeanwhile(restored), .. AnsweredMeanwhile(history, restored), .. GivenTwice(history, before, told), .. NotKnown(history, restored, before)];
    }

    private static IEnumerable<Violation> GivenMeanwhile(History history, Restored restored) =>
        from commit in restored.Meanwhile
        from held in commit.Changes<IpamViewChange.AddressHeld>()
        where !history.Exchanges.OfType<Exchange.Reporting>().Any(report => report.Asked < commit.Instant && report.Request.Host == held.Row.Holder.Name
            && report.Request.Holdings.Any(holding => holding.Ip == held.Row.Ip.ToString() && holding.Handle == held.Row.Handle))
        select new Violation("INV-1", commit.Instant, $"{held.Row.Ip} was assigned to {held.Row.Handle} while the journal recovered, and no host had reported it.");

    private static IEnumerable<Violation> ClaimedMeanwhile(Restored restored) =>
        from commit in restored.Meanwhile
        from append in commit.Unit.Appends
        where append.Stream.Value.StartsWith("pool/", StringComparison.Ordinal) && !append.Events.Contains("\"moved\"", StringComparison.Ordinal)
        from claimed in PoolEventCodec.Instance.Read(append.Events, append.Schema).OfType<PoolEvent.BlockClaimed>()
        where !commit.Unit.Appends.Any(other => other != append && other.Stream.Value.StartsWith("pool/", StringComparison.Ordinal))
        where !commit.Changes<IpamViewChange.AddressHeld>().Any(held => claimed.Block.Contains(held.Row.Ip))
        select new Violation("INV-1", commit.Instant, $"{claimed.Block} was claimed for {claimed.Owner} while the journal recovered, and nothing in it was reported.");

    /// <summary>Not even a grant of old is repeated: its request may have been finished behind the backup, and its address given to somebody else.</summary>
    private static IEnumerable<Violation> AnsweredMeanwhile(History history, Restored restored) =>
        from exchange in history.Exchanges
        where exchange.Asked > history.Since && exchange.Answered < restored.Ended && Grants.AddressesOf(exchange) is { IsEmpty: false }
        select new Violation("INV-1", exchange.Answered, $"{exchange.Member} granted {Grants.RequestOf(exchange)} {Grants.AddressesOf(exchange)[0].Address} while the journal recovered.");

    private static IEnumerable<Violation> GivenTwice(History history, List<Acknowledged> before, HashSet<(Domain.Addressing.IpAddress, long)> told) =>
        from second in Grants.Of(history)
        where !told.Contains((second.Ip, second.Generation)) && second.Answered < second.ReleaseAsked
        from first in before
        where first.Ip == second.Ip && first.Handle != second.Handle && second.Answered < first.ReleaseAsked
        select new Violation("INV-1", second.Answered, $"{first.Ip} was {first.Handle}'s before the journal was restored (g{first.Generation}), and was given to {second.Handle} (g{second.Generation}).");

    private static IEnumerable<Violation> NotKnown(History history, Restored restored, List<Acknowledged> before)
    {
        var after = history.Commits.Where(commit => commit.Instant >= restored.Ended).ToList();
        return from grant in before
               where grant.ReleaseAsked > restored.Ended
               let endings = history.Exchanges.OfType<Exchange.ReleasingHandle>().Where(release => release.Request is { Final: true } && release.Request.Handle == grant.Handle && release.Request.IssuedAt < restored.Begun).ToList()
               let wrong = after.Find(commit => commit.Instant < grant.ReleaseAsked && commit.After.Addresses.GetValueOrDefault(grant.Ip)?.Handle != grant.Handle)
               where wrong is not null && !endings.Exists(late => late.Asked < wrong.Instant && late.Answered > wrong.Instant)
               select new Violation("INV-2", wrong.Instant, $"{grant.Ip} is {grant.Handle}'s since before the journal was restored; it says {wrong.After.Addresses.GetValueOrDefault(grant.Ip)?.Handle ?? "nobody"}.");
    }
}

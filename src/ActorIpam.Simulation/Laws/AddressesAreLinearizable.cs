using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Linearizability;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-9: what clients did with each address, and were told of it, could have happened one after the other.</summary>
/// <remarks>
/// Of the store it takes only which request was granted what, so that attempts nobody heard of can be named. Addresses that served a tunnel are left out: members
/// take and free those without a client. A world whose store went back is left out: there the past is not one.
/// </remarks>
public static class AddressesAreLinearizable
{
    public static IEnumerable<Violation> Judge(History history, WorldPlan plan)
    {
        if (history.Since > 0)
        {
            return [];
        }

        var tenures = Tenure.Of(history.Commits);
        var ofTunnels = tenures.Where(tenure => Tunnels.IsTunnel(tenure.Row)).Select(tenure => tenure.Ip).ToHashSet();
        var takes = Takes(history, tenures);
        var heard = history.Exchanges.Where(exchange => !exchange.ReachedNobody).ToList();
        var taken = takes.ToLookup(take => take.Key.Item1, take => (take.Key.Item2, take.Value.Asked, take.Value.Told));
        Exchange.Releasing[][] releases = [.. heard.OfType<Exchange.Releasing>().GroupBy(release => (object?)release.Request.RequestId ?? release).Select(attempts => attempts.ToArray())];
        Exchange[] others = [.. heard.Where(exchange => exchange is Exchange.Assigning or Exchange.AssigningGiven or Exchange.Releasing or Exchange.ReleasingHandle or Exchange.Collecting)];
        return from address in tenures.Where(tenure => !ofTunnels.Contains(tenure.Ip)).GroupBy(tenure => tenure.Ip)
               let ip = address.Key.ToString()
               let held = address.ToImmutableArray()
               let all = TakesOf(taken[address.Key]).Concat(ReleasesOf(releases, ip, held, plan.Forwards)).Concat(others.SelectMany(exchange => StepsOf(exchange, address.Key, ip, held, takes)))
               let steps = all.Where(step => step is not AddressStep.Free { MayBeMissing: true, Generations.Count: 0 }).ToList()
               where !Linearization.Exists(steps)
               select new Violation("INV-9", Exchange.Never, $"What was done with {address.Key} happened in no order: {string.Join("; ", steps.OrderBy(step => step.Asked))}.");
    }

    /// <summary>For each address and generation when it was first asked for, and first told.</summary>
    private static Dictionary<(IpAddress, long), (long Asked, long Told)> Takes(History history, IReadOnlyList<Tenure> tenures)
    {
        var asked = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var exchange in history.Exchanges)
        {
            asked.TryAdd(Grants.RequestOf(exchange) ?? "", exchange.Asked);
        }

        var takes = tenures.ToDictionary(tenure => (tenure.Ip, tenure.Generation), tenure => (Asked: tenure.From, Told: Exchange.Never));
        foreach (var commit in history.Commits)
        {
            foreach (var request in commit.Unit.Guards.OfType<IpamGuard.NewRequest>().Where(request => asked.ContainsKey(request.Id)))
            {
                foreach (var held in commit.Changes<IpamViewChange.AddressHeld>().Where(held => request.Grant.Contains(new(held.Row.Ip, held.Row.Generation))))
                {
                    takes[(held.Row.Ip, held.Row.Generation)] = (asked[request.Id], Exchange.Never);
                }
            }
        }

        foreach (var exchange in history.Exchanges)
        {
            foreach (var key in Grants.AddressesOf(exchange).Select(address => (IpAddress.Parse(address.Address), address.Generation)))
            {
                var known = takes.GetValueOrDefault(key, (Asked: exchange.Asked, Told: Exchange.Never));
                takes[key] = (Math.Min(known.Asked, exchange.Asked), Math.Min(known.Told, exchange.Answered));
            }
        }

        return takes;
    }

    private static IEnumerable<AddressStep> TakesOf(IEnumerable<(long Generation, long Asked, long Told)> taken) =>
        taken.Select(take => new AddressStep.Take($"taken under g{take.Generation}", take.Asked, take.Told, take.Generation));

    private static IEnumerable<AddressStep> ReleasesOf(Exchange.Releasing[][] releases, string ip, ImmutableArray<Tenure> tenures, bool forwards)
    {
        foreach (var attempts in releases.Where(attempts => attempts[0].Request.Addresses.Any(entry => entry.Ip == ip)))
        {
            var first = attempts.MinBy(attempt => attempt.Answered)!;
            var entry = first.Request.Addresses.First(entry => entry.Ip == ip);
            var reached = Generations(tenures, tenure => (entry.Handle is null || entry.Handle == tenure.Handle) && (entry.Generation is null || entry.Generation == tenure.Generation));
            var asked = attempts.Min(attempt => attempt.Asked);
            if (!first.IsAnswered || (!first.Answer.IsRefused && first.Answer.Value.Released.Contains(entry.Ip!)))
            {
                yield return new AddressStep.Free($"released by {first.Request.RequestId ?? "who names generations"}", asked, first.Answered, reached);
            }
            else if (first.Request.RequestId is null && forwards)
            {
                // Two copies of it may have gone from member to member: one released it, and the other was heard.
                yield return new AddressStep.Free("released by a copy", asked, Exchange.Never, reached);
            }
        }
    }

    private static IEnumerable<AddressStep> StepsOf(Exchange exchange, IpAddress ip, string text, ImmutableArray<Tenure> tenures, Dictionary<(IpAddress, long), (long Asked, long Told)> takes)
    {
        switch (exchange)
        {
            case Exchange.Assigning or Exchange.AssigningGiven when Grants.AddressesOf(exchange).FirstOrDefault(address => address.Address == text) is { } told
                && takes[(ip, told.Generation)].Told < exchange.Answered:
                yield return new AddressStep.SeeHeld($"told again to {Grants.HandleOf(exchange)}", exchange.Asked, exchange.Answered, told.Generation);
                break;
            case Exchange.ReleasingHandle release:
                var request = release.Request;
                var reached = Generations(tenures, tenure => tenure.Handle == request.Handle && (!request.Final || tenure.Row.Issued is null || tenure.Row.Issued <= request.IssuedAt));

                // It goes on until the handle holds nothing: what is assigned meanwhile goes too, perhaps the same address again.
                var times = !release.IsAnswered ? reached.Count : release.Answer.IsRefused ? 0 : release.Answer.Value.Released.Count(released => released == text);
                for (var i = 0; i < times; i++)
                {
                    yield return new AddressStep.Free($"released with {request.Handle}", release.Asked, release.Answered, reached);
                }

                if (times == 0 && reached.Count > 0)
                {
                    yield return new AddressStep.SeeNotHeld($"not among what {request.Handle} holds", release.Asked, release.Answered, reached);
                    if (request.Final)
                    {
                        yield return Swept(release, reached);
                    }
                }

                break;
            case Exchange.Collecting garbage when !garbage.IsAnswered || (!garbage.Answer.IsRefused && garbage.Answer.Value.Released.Contains(text)):
                var swept = Generations(tenures, tenure => tenure.Holder.Name == garbage.Request.Host && Grants.IsGarbage(garbage.Request, tenure.Handle, tenure.Row.Issued));
                yield return new AddressStep.Free($"garbage of {garbage.Request.Host}", garbage.Asked, garbage.Answered, swept);
                break;
            case Exchange.Collecting rest:
                yield return Swept(rest, Generations(tenures, tenure => tenure.Holder.Name == rest.Request.Host && Grants.IsGarbage(rest.Request, tenure.Handle, tenure.Row.Issued)));
                break;
            case Exchange.Releasing { IsAnswered: true, Answer: { IsRefused: false, Value: var answer } } when answer.Unallocated.Contains(text):
                yield return new AddressStep.SeeNotHeld("told to be free", exchange.Asked, exchange.Answered, null);
                break;
        }
    }

    /// <summary>A final release closes its handle; what it does not release itself a sweep may release for it, at any time from then on.</summary>
    private static AddressStep.Free Swept(Exchange closing, IReadOnlySet<long> reached) => new("swept behind a final release", closing.Asked, Exchange.Never, reached);

    private static ImmutableSortedSet<long> Generations(ImmutableArray<Tenure> tenures, Func<Tenure, bool> reached) => [.. tenures.Where(reached).Select(tenure => tenure.Generation)];
}

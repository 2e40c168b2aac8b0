using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.InMemory;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-15 (and INV-9 for single addresses): every answer was true at some instant between the question and the answer.</summary>
public static class AnswersWereTrue
{
    public static IEnumerable<Violation> Judge(History history, WorldPlan plan) =>
        from exchange in history.Exchanges
        where exchange.IsAnswered
        from claim in ClaimsOf(exchange, history, plan)
        where !history.StatesBetween(exchange.Asked, exchange.Answered).Any(claim.Holds)
        select new Violation("INV-15", exchange.Answered, $"{exchange.Member} answered that {claim.What}, which was true at no instant since it was asked at step {exchange.Asked}.");

    private static IEnumerable<Claim> ClaimsOf(Exchange exchange, History history, WorldPlan plan) => exchange switch
    {
        Exchange.Assigning { Answer.IsRefused: true, Request: var request } refused => No(Code(refused.Answer), request),
        Exchange.AssigningGiven { Answer.IsRefused: true, Request: var request } refused =>
            No(Code(refused.Answer), IpAddress.Parse(request.Ip!), ExhaustionWasTrue.CoolSince(history, exchange.Asked, plan)),
        Exchange.Assigning or Exchange.AssigningGiven when Grants.AddressesOf(exchange) is { Length: > 0 } granted =>
            granted.Select(address => Holds(IpAddress.Parse(address.Address), address.Generation, Grants.HandleOf(exchange))),
        Exchange.Claiming { Answer: { IsRefused: false, Value: var value }, Request: var request } =>
            [.. value.Claimed.Select(block => Owns(request.Host!, block)), .. value.Failed.Select(block => OwnsNot(request.Host!, block))],
        Exchange.GivingBack { Answer.IsRefused: false, Request: var request } back => OwnedWhen(back, history).Union(back.Answer.Value.Released).Select(block => OwnsNot(request.Host!, block)),
        Exchange.Ensuring { Answer: { IsRefused: false, Value: var value }, Request: var request } =>
            new[] { value.Ipv4Block, value.Ipv6Block }.OfType<string>().Select(block => Owns(request.Host!, block)),
        Exchange.ReleasingHandle { Answer.IsRefused: true } release when Code(release.Answer) == RefusalCode.NotFound =>
            [new($"{release.Request.Handle} holds nothing", state => state.Addresses.Values.All(row => row.Handle != release.Request.Handle))],
        Exchange.Releasing { Answer: { IsRefused: false, Value: var value }, Request: var request } =>
        [
            .. value.Unallocated.Select(ip => new Claim($"{ip} is held by nobody", state => !state.Addresses.ContainsKey(IpAddress.Parse(ip)))),
            .. value.Errors.Select(error => new Claim(
                $"{error.Ip} is held otherwise than it is named", state => request.Addresses.Any(entry => entry.Ip == error.Ip && ReleasesRelease.IsOtherwise(entry, state)))),
        ],
        Exchange.Storing { Answer: { IsRefused: false, Value: { } stored } } => [Stands(stored)],
        Exchange.Deleting { Answer: { IsRefused: false, Value: { } gone } } => [IsGone(gone)],
        Exchange.Splitting { Answer: { IsRefused: false, Value.Done: true }, Request: var request } =>
            [new($"the split of {request.Pool} is done", state => !state.Resources.ContainsKey(new(nameof(ResourceKind.IPPool), request.Pool!)))],
        Exchange.Deleting { Answer.IsRefused: true } missing when Code(missing.Answer) == RefusalCode.NotFound =>
            [new($"there is no {missing.Kind} {missing.Name}", state => !state.Resources.ContainsKey(new(missing.Kind.ToString(), missing.Name)))],
        _ => [],
    };

    private static IEnumerable<Claim> No(RefusalCode code, AssignRequest request) => code switch
    {
        RefusalCode.NodeMissing => [new($"there is no node {request.Host}", state => !StoredPolicy.Of(state).Zones.ContainsKey(request.Host!))],
        RefusalCode.PoolNotFoundOrDisabled or RefusalCode.NoPoolSelectsNode =>
            [new($"no pool serves {request.Host}", state => LacksPool(StoredPolicy.Of(state), request))],
        _ => [],
    };

    private static bool LacksPool(StoredPolicy policy, AssignRequest request) => !policy.Zones.ContainsKey(request.Host!)
        || (request.Ipv4 > 0 && !policy.PoolsFor(request.Host!, IpFamily.V4, request.Ipv4Pools).Any())
        || (request.Ipv6 > 0 && !policy.PoolsFor(request.Host!, IpFamily.V6, request.Ipv6Pools).Any());

    private static Claim Stands(Resource stored) => new(
        $"{stored.Kind} {stored.Metadata.Name} has version {stored.Metadata.ResourceVersion}",
        state => state.Resources.TryGetValue(new(stored.Kind.ToString(), stored.Metadata.Name), out var row) && row.Uid == stored.Metadata.Uid && row.ResourceVersion == stored.Metadata.ResourceVersion);

    private static Claim IsGone(Resource gone) => new(
        $"{gone.Kind} {gone.Metadata.Name} is gone",
        state => !state.Resources.TryGetValue(new(gone.Kind.ToString(), gone.Metadata.Name), out var row) || row.Uid != gone.Metadata.Uid);

    /// <summary>The blocks of the range that the host had when it gave them back: none of them stays its own until it is answered.</summary>
    private static IEnumerable<string> OwnedWhen(Exchange.GivingBack back, History history) =>
        from row in history.StatesBetween(back.Asked, back.Asked).First().Blocks.Values
        where row.Owner == Owner.Host(back.Request.Host!) && Cidr.Parse(back.Request.Cidr!).Contains(row.Block)
        select row.Block.ToString();

    private static Claim Owns(string host, string block) => new($"{host} owns {block}", state => OwnerOf(state, block) == Owner.Host(host));

    private static Claim OwnsNot(string host, string block) => new($"{host} does not own {block}", state => OwnerOf(state, block) != Owner.Host(host));

    private static Owner? OwnerOf(JournalState state, string block) => state.Blocks.GetValueOrDefault(Cidr.Parse(block))?.Owner;

    /// <param name="code">Why an address was not given to who named it.</param>
    /// <param name="ip">The address.</param>
    /// <param name="cool">What was released later than this may still have cooled when it was asked for.</param>
    private static IEnumerable<Claim> No(RefusalCode code, IpAddress ip, DateTimeOffset cool) => code switch
    {
        RefusalCode.NotInPool => [new($"{ip} is in no enabled pool", state => StoredPolicy.Of(state).Pools.All(pool => pool.Disabled || !pool.Range.Contains(ip)))],
        RefusalCode.AlreadyAssigned => [new($"{ip} is taken", state => state.Addresses.ContainsKey(ip) || ExhaustionWasTrue.Cools(state, ip, cool))],
        _ => [],
    };

    private static RefusalCode Code<T>(Answer<T> answer) => answer.Refusals[0].Code;

    private static Claim Holds(IpAddress ip, long generation, string? handle) =>
        new($"{handle} holds {ip} g{generation}", state => state.Addresses.TryGetValue(ip, out var row) && row.Generation == generation && row.Handle == handle);

    private sealed record Claim(string What, Func<JournalState, bool> Holds);
}

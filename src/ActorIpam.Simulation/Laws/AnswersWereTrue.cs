using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Engine.InMemory;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-15 (and INV-9 for single addresses): every answer was true at some instant between the question and the answer.</summary>
public static class AnswersWereTrue
{
    public static IEnumerable<Violation> Judge(History history) =>
        from exchange in history.Exchanges
        where exchange.IsAnswered
        from claim in ClaimsOf(exchange)
        where !history.StatesBetween(exchange.Asked, exchange.Answered).Any(claim.Holds)
        select new Violation("INV-15", exchange.Answered, $"{exchange.Member} answered that {claim.What}, which was true at no instant since it was asked at step {exchange.Asked}.");

    private static IEnumerable<Claim> ClaimsOf(Exchange exchange) => exchange switch
    {
        Exchange.Assigning or Exchange.AssigningGiven when Grants.AddressesOf(exchange) is { Length: > 0 } granted =>
            granted.Select(address => Holds(IpAddress.Parse(address.Address), address.Generation, Grants.HandleOf(exchange))),
        Exchange.ReleasingHandle { Answer.IsRefused: true } release when Code(release.Answer) == RefusalCode.NotFound =>
            [new($"{release.Request.Handle} holds nothing", state => state.Addresses.Values.All(row => row.Handle != release.Request.Handle))],
        Exchange.Releasing { Answer: { IsRefused: false, Value: var value } } =>
            value.Unallocated.Select(ip => new Claim($"{ip} is held by nobody", state => !state.Addresses.ContainsKey(IpAddress.Parse(ip)))),
        _ => [],
    };

    private static RefusalCode Code<T>(Answer<T> answer) => answer.Refusals[0].Code;

    private static Claim Holds(IpAddress ip, long generation, string? handle) =>
        new($"{handle} holds {ip} g{generation}", state => state.Addresses.TryGetValue(ip, out var row) && row.Generation == generation && row.Handle == handle);

    private sealed record Claim(string What, Func<JournalState, bool> Holds);
}

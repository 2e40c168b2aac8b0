using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine.InMemory;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-15: a limit that was named as the reason of a "no" was reached, a handle closed, a request finished, a block another's, at some instant between question and answer.</summary>
/// <remarks>
/// Only what must have been so is asked, not all that makes the refusal right. Who wants all or nothing may have been given blocks up to the limit, and have lost them again with the rest
/// before anybody saw it: there the limit of blocks is not judged. <see cref="AnswersWereTrue"/> and <see cref="ExhaustionWasTrue"/> judge the other reasons.
/// </remarks>
public static class RefusalsWereTrue
{
    /// <summary>What a host may have where nobody names a limit (semantics.md §5.2).</summary>
    private const int DefaultBlockLimit = 20;

    public static IEnumerable<Violation> Judge(History history) =>
        from exchange in history.Exchanges
        where exchange.IsAnswered
        from no in NoOf(exchange)
        where !history.StatesBetween(exchange.Asked, exchange.Answered).Any(state => MayBeTrue(no, state))
        select new Violation("INV-15", exchange.Answered, $"{exchange.Member} told {Grants.RequestOf(exchange)} {no.Code}, which was true at no instant since it was asked at step {exchange.Asked}.");

    private static IEnumerable<No> NoOf(Exchange exchange) => exchange switch
    {
        Exchange.Assigning { Answer: { IsRefused: true, Refusals: [var first, ..] }, Request: var request } => [new(first.Code, request)],
        Exchange.Assigning { Answer: { IsRefused: false, Value.Refusal: { } partial }, Request: var request } => [new(partial.Code, request)],
        Exchange.AssigningGiven { Answer: { IsRefused: true, Refusals: [var first, ..] }, Request: var request } => [Of(first.Code, request, IpAddress.Parse(request.Ip!))],
        _ => [],
    };

    private static No Of(RefusalCode code, AssignIpRequest request, IpAddress ip) => new(code, new()
    {
        Host = request.Host,
        Handle = request.Handle,
        RequestId = request.RequestId,
        IssuedAt = request.IssuedAt,
        MaxPerHandle = request.MaxPerHandle,
        Ipv4 = ip.Family == IpFamily.V4 ? 1 : 0,
        Ipv6 = ip.Family == IpFamily.V6 ? 1 : 0,
    })
    { Given = ip };

    private static bool MayBeTrue(No no, JournalState state) => no.Code switch
    {
        RefusalCode.HandleClosed => GrantedOnce.IsClosedThrough(state.ClosedThrough(no.Request.Handle!), no.Request.IssuedAt),
        RefusalCode.RequestFinished => state.Requests.TryGetValue(no.Request.RequestId!, out var known)
            && !known.Grant.All(grant => state.Addresses.TryGetValue(grant.Ip, out var row) && row.Generation == grant.Generation && row.Handle == no.Request.Handle),
        RefusalCode.HandleLimit => Families(no.Request).Any(wanted => state.Addresses.Values.Count(row => row.Handle == no.Request.Handle && row.Ip.Family == wanted.Family) + wanted.Count > no.Request.MaxPerHandle),
        RefusalCode.BlockLimit => no.Request.AllOrNothing || Families(no.Request).Any(wanted =>
            state.Blocks.Values.Count(row => row.Owner == Owner.Host(no.Request.Host!) && row.Block.Family == wanted.Family) >= (no.Request.MaxBlocks > 0 ? no.Request.MaxBlocks : DefaultBlockLimit)),
        RefusalCode.AffinityMismatch => IsForbidden(no, state, block => block.Owner is { } owner && owner != Owner.Host(no.Request.Host!)),
        RefusalCode.BlockNoAffinity => IsForbidden(no, state, static block => block.Owner is null),
        _ => true,
    };

    private static bool IsForbidden(No no, JournalState state, Func<Domain.Views.BlockRow, bool> whose) =>
        StoredPolicy.Of(state).Strict && state.Blocks.Values.Any(row => row.Block.Contains(no.Given) && whose(row));

    private static IEnumerable<(IpFamily Family, int Count)> Families(AssignRequest request) =>
        new[] { (IpFamily.V4, request.Ipv4), (IpFamily.V6, request.Ipv6) }.Where(static wanted => wanted.Item2 > 0);

    /// <param name="Code">The reason that was named.</param>
    /// <param name="Request">What was wanted; of a given address the same in other words.</param>
    private sealed record No(RefusalCode Code, AssignRequest Request)
    {
        /// <summary>The address that was named; of none without.</summary>
        public IpAddress Given { get; init; }
    }
}

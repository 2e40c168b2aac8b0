using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine.InMemory;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-3, the other half: what was held when its release was asked for, by its handle or by its address, is held no longer when the release is answered.</summary>
/// <remarks>
/// What a restored journal adopted was issued before that, whatever the clock of the member says that adopted it. A release by addresses is one for all its attempts: it was asked for with the first of them, and what
/// another has released is answered again. Where an address of a block is held otherwise than it was named, all of the block stays (semantics.md §7.1).
/// </remarks>
public static class ReleasesRelease
{
    public static IEnumerable<Violation> Judge(History history)
    {
        var tenures = Tenure.Of(history.Commits);
        var byHandle = tenures.ToLookup(tenure => tenure.Handle);
        var byIp = tenures.ToLookup(tenure => tenure.Ip.ToString());
        return history.Exchanges.Where(exchange => exchange.IsAnswered).SelectMany(exchange => exchange switch
        {
            Exchange.ReleasingHandle handle when IsDone(handle) => ByHandle(handle, byHandle[handle.Request.Handle], Restored.Of(history)),
            Exchange.Releasing { Answer.IsRefused: false } addresses => ByAddress(addresses, byIp, history),
            Exchange.Collecting { Answer.IsRefused: false } garbage => Garbage(garbage, tenures),
            _ => [],
        });
    }

    private static bool IsDone(Exchange.ReleasingHandle exchange) => !exchange.Answer.IsRefused || exchange.Answer.Refusals[0].Code == RefusalCode.NotFound;

    private static IEnumerable<Violation> ByHandle(Exchange.ReleasingHandle exchange, IEnumerable<Tenure> tenures, Restored restored) =>
        from tenure in tenures
        where tenure.From < exchange.Asked && tenure.To > exchange.Answered && (Reaches(exchange.Request, tenure) || restored.Adopted.GetValueOrDefault((tenure.Ip, tenure.Generation), DateTimeOffset.MaxValue) <= exchange.Request.IssuedAt)
        select new Violation("INV-3", exchange.Answered, $"{exchange.Request.Handle} was told that all it held is released, but {tenure.Ip} g{tenure.Generation} was not.");

    private static IEnumerable<Violation> Garbage(Exchange.Collecting exchange, IReadOnlyList<Tenure> tenures) =>
        from tenure in tenures
        where tenure.Holder.Name == exchange.Request.Host && tenure.From < exchange.Asked && tenure.To > exchange.Answered && Grants.IsGarbage(exchange.Request, tenure.Handle, tenure.Row.Issued)
        select new Violation("INV-3", exchange.Answered, $"The garbage of {exchange.Request.Host} was collected, but {tenure.Ip} g{tenure.Generation} of {tenure.Handle} was left.");

    private static bool Reaches(ReleaseHandleRequest request, Tenure tenure) =>
        !request.Final || tenure.Row.Issued is null || tenure.Row.Issued <= request.IssuedAt;

    /// <summary>An address is held otherwise than a release names it: by another handle, or not under that generation.</summary>
    internal static bool IsOtherwise(ReleaseEntry entry, JournalState state)
    {
        var row = state.Addresses.GetValueOrDefault(IpAddress.Parse(entry.Ip!));
        return (entry.Generation is { } generation && row?.Generation != generation) || (entry.Handle is { } handle && row is not null && row.Handle != handle);
    }

    private static IEnumerable<Violation> ByAddress(Exchange.Releasing exchange, ILookup<string, Tenure> tenures, History history)
    {
        // Of attempts from before the store went back nobody knows what they saw.
        var (entries, first) = (exchange.Request.Addresses, FirstAsked(exchange, history));
        var isKnown = first > history.Since;
        foreach (var entry in entries)
        {
            var named = tenures[entry.Ip!].Where(tenure => Names(entry, tenure)).ToList();
            if (exchange.Answer.Value.Released.Contains(entry.Ip!) && !named.Exists(tenure => tenure.To <= exchange.Answered && (tenure.To > first || !isKnown)))
            {
                yield return new("INV-3", exchange.Answered, $"{entry.Ip} was said to be released, but nothing of the kind was written.");
            }

            foreach (var tenure in named.Where(tenure => isKnown && tenure.From < first && tenure.To > exchange.Answered))
            {
                var others = entries.Where(other => other.Ip != entry.Ip && tenure.Row.Block.Contains(IpAddress.Parse(other.Ip!))).ToList();
                if (!history.StatesBetween(first, exchange.Answered).Any(state => others.Exists(other => IsOtherwise(other, state))))
                {
                    yield return new("INV-3", exchange.Answered, $"The release of {entry.Ip} was answered, but g{tenure.Generation} of {tenure.Handle} was held all the time.");
                }
            }
        }
    }

    private static bool Names(ReleaseEntry entry, Tenure tenure) =>
        (entry.Handle is null || entry.Handle == tenure.Handle) && (entry.Generation is null || entry.Generation == tenure.Generation);

    private static long FirstAsked(Exchange.Releasing exchange, History history) => exchange.Request.RequestId is not { } id
        ? exchange.Asked
        : history.Exchanges.Concat(history.Earlier).OfType<Exchange.Releasing>().Where(attempt => attempt.Request.RequestId == id).Min(attempt => attempt.Asked);
}

using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-3, the other half: what a handle held when its release was asked for is held no longer when the release is answered.</summary>
/// <remarks>What a restored journal adopted was issued before that, whatever the clock of the member says that adopted it.</remarks>
public static class ReleasesRelease
{
    public static IEnumerable<Violation> Judge(History history)
    {
        var tenures = Tenure.Of(history.Commits);
        var byHandle = tenures.ToLookup(tenure => tenure.Handle);
        return history.Exchanges.Where(exchange => exchange.IsAnswered).SelectMany(exchange => exchange switch
        {
            Exchange.ReleasingHandle handle when IsDone(handle) => ByHandle(handle, byHandle[handle.Request.Handle], Restored.Of(history)),
            Exchange.Releasing { Answer.IsRefused: false } addresses => ByAddress(addresses, tenures),
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

    private static IEnumerable<Violation> ByAddress(Exchange.Releasing exchange, IReadOnlyList<Tenure> tenures) =>
        from entry in exchange.Request.Addresses
        where exchange.Answer.Value.Released.Contains(entry.Ip!)
        where !tenures.Any(tenure => tenure.To <= exchange.Answered && tenure.Ip.ToString() == entry.Ip
            && (entry.Handle is null || entry.Handle == tenure.Handle) && (entry.Generation is null || entry.Generation == tenure.Generation))
        select new Violation("INV-3", exchange.Answered, $"{entry.Ip} was said to be released, but nothing of the kind was written.");
}

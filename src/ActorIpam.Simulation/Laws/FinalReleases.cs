using ActorIpam.Domain;
using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-4: after a final release issued at t the handle holds and takes nothing that was issued at or before t, also when the release overtakes the assignment.</summary>
public static class FinalReleases
{
    public static IEnumerable<Violation> Judge(History history)
    {
        var answered = history.Exchanges.OfType<Exchange.ReleasingHandle>()
            .Where(release => release.IsAnswered && release.Request.Final && (!release.Answer.IsRefused || release.Answer.Refusals[0].Code == RefusalCode.NotFound));
        return answered.SelectMany(release => Left(release, history).Concat(Taken(release, history)));
    }

    /// <summary>What was assigned between a look at the handle and its closing is as gone as the rest when the answer leaves.</summary>
    private static IEnumerable<Violation> Left(Exchange.ReleasingHandle release, History history) =>
        from row in history.StatesBetween(release.Answered, release.Answered).First().Addresses.Values
        where IsOver(release, row)
        select new Violation("INV-4", release.Answered, $"{row.Ip} g{row.Generation} was still held by {row.Handle} when its final release was answered.");

    private static IEnumerable<Violation> Taken(Exchange.ReleasingHandle release, History history) =>
        from commit in history.Commits
        where commit.Instant > release.Answered
        from held in commit.Changes<IpamViewChange.AddressHeld>()
        where IsOver(release, held.Row)
        select new Violation("INV-4", commit.Instant, $"{held.Row.Ip} was assigned to {held.Row.Handle} after its final release had been answered.");

    private static bool IsOver(Exchange.ReleasingHandle release, AddressRow row) =>
        row.Handle == release.Request.Handle && (row.Issued is null || row.Issued <= release.Request.IssuedAt);
}

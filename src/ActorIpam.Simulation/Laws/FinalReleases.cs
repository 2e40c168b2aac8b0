using ActorIpam.Domain;
using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-4: after a final release issued at t the handle takes nothing that was issued at or before t, also when the release overtakes the assignment.</summary>
public static class FinalReleases
{
    public static IEnumerable<Violation> Judge(History history) =>
        from release in history.Exchanges.OfType<Exchange.ReleasingHandle>()
        where release.IsAnswered && release.Request.Final && (!release.Answer.IsRefused || release.Answer.Refusals[0].Code == RefusalCode.NotFound)
        from commit in history.Commits
        where commit.Instant > release.Answered
        from held in commit.Changes<IpamViewChange.AddressHeld>()
        where held.Row.Handle == release.Request.Handle && (held.Row.Issued is null || held.Row.Issued <= release.Request.IssuedAt)
        select new Violation("INV-4", commit.Instant, $"{held.Row.Ip} was assigned to {held.Row.Handle} after its final release had been answered.");
}

using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-1: acknowledged intervals [assign answered, release asked] of different holders of one address never overlap.</summary>
public static class OneHolder
{
    public static IEnumerable<Violation> Judge(History history) =>
        from grants in Grants.Of(history).GroupBy(grant => grant.Ip)
        from first in grants
        from second in grants
        where first.Answered < second.Answered || (first.Answered == second.Answered && first.Generation < second.Generation)
        where second.Answered < first.ReleaseAsked && second.Answered < second.ReleaseAsked
        select new Violation("INV-1", second.Answered, $"{first.Ip} was given to {first.Handle} (g{first.Generation}, step {first.Answered}) and to {second.Handle} (g{second.Generation}).");
}

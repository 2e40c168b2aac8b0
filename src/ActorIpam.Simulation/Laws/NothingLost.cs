using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-2: no acknowledged assignment is lost before somebody asks for its release.</summary>
public static class NothingLost
{
    public static IEnumerable<Violation> Judge(History history)
    {
        var tenures = Tenure.Of(history.Commits).ToLookup(tenure => (tenure.Ip, tenure.Generation));
        foreach (var grant in Grants.Of(history))
        {
            var tenure = tenures[(grant.Ip, grant.Generation)].FirstOrDefault();
            if (tenure is null || tenure.From > grant.Answered || tenure.Handle != grant.Handle)
            {
                yield return new("INV-2", grant.Answered, $"{grant.Ip} g{grant.Generation} was answered to {grant.Handle}, but the store held it for {tenure?.Handle ?? "nobody"}.");
            }
            else if (tenure.To < grant.ReleaseAsked)
            {
                yield return new("INV-2", tenure.To, $"{grant.Ip} g{grant.Generation} of {grant.Handle} was taken away before anybody asked for its release.");
            }
        }
    }
}

using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-3: when faults are over and clients have their answers, what is held is what somebody knows he holds.</summary>
public static class NothingLeaks
{
    public static IEnumerable<Violation> Judge(History history)
    {
        if (!history.Settled)
        {
            return [];
        }

        var known = Grants.Of(history).Select(grant => (grant.Ip, grant.Generation)).ToHashSet();
        return from row in history.Final.Addresses.Values
               where !known.Contains((row.Ip, row.Generation))
               select new Violation("INV-3", Exchange.Never, $"{row.Ip} g{row.Generation} is held for {row.Handle}, who was never told.");
    }
}

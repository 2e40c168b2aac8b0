using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-11, its first half: an address is not given again before its cooldown is over, up to what clocks differ.</summary>
/// <remarks>
/// The cooldown runs from the stamp of the release to the stamp of the assignment, both taken when they were decided: who asked for a release
/// had stopped using the address by then, however long its commit took. What a host reports to a restored journal is in use, and cools no more; what was released
/// in the lost part of its history cools.
/// </remarks>
public static class CooldownIsKept
{
    public static IEnumerable<Violation> Judge(History history, WorldPlan plan)
    {
        var (cooldown, clocksDiffer) = (TimeSpan.FromSeconds(plan.Cooldown), plan.Clocks.Apart);
        var released = new Dictionary<IpAddress, DateTimeOffset>();
        var restored = Restored.Of(history);
        foreach (var commit in history.Commits.TakeWhile(commit => commit.Instant < history.Since).Concat(history.Lost).Concat(history.Commits.SkipWhile(commit => commit.Instant < history.Since)))
        {
            foreach (var held in commit.Changes<IpamViewChange.AddressHeld>())
            {
                if (!restored.HasAdopted(held.Row) && released.TryGetValue(held.Row.Ip, out var at) && held.Row.Since - at < cooldown - clocksDiffer)
                {
                    yield return new("INV-11", commit.Instant, $"{held.Row.Ip} was given again {(held.Row.Since - at).TotalSeconds:0.000} s after its release; its cooldown is {cooldown.TotalSeconds} s.");
                }
            }

            foreach (var freed in commit.Changes<IpamViewChange.AddressFreed>())
            {
                released[freed.Ip] = freed.ReleasedAt;
            }
        }
    }
}

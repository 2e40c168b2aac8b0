using ActorIpam.Domain.Views;
using ActorIpam.Engine.InMemory;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-13, INV-4: a request is remembered as long as anything it was granted is held, and for its time; a final release as long as the handle holds anything that it should have ended, and for its time.</summary>
public static class MemoryIsKept
{
    public static IEnumerable<Violation> Judge(History history, WorldPlan plan)
    {
        var kept = (plan.Sweeps?.Keeps ?? TimeSpan.MaxValue / 2) - plan.Clocks.Apart;
        var before = JournalState.Empty;
        foreach (var commit in history.Commits)
        {
            foreach (var gone in before.Requests.Values.Where(row => !commit.After.Requests.ContainsKey(row.Id) && commit.Unit.Views.Length > 0))
            {
                if (gone.Grant.Any(grant => before.Addresses.GetValueOrDefault(grant.Ip)?.Generation == grant.Generation))
                {
                    yield return new("INV-13", commit.Instant, $"Request {gone.Id} was forgotten while what it was granted is held.");
                }

                if (commit.Unit.At - gone.At < kept)
                {
                    yield return new("INV-13", commit.Instant, $"Request {gone.Id} was forgotten after {(commit.Unit.At - gone.At).TotalSeconds:0.0} s.");
                }
            }

            foreach (var (handle, at) in before.HandlesAt.Where(row => !commit.After.Handles.ContainsKey(row.Key)))
            {
                var through = before.Handles[handle];
                if (before.Addresses.Values.FirstOrDefault(row => row.Handle == handle && (row.Issued is null || row.Issued <= through)) is { } held)
                {
                    yield return new("INV-4", commit.Instant, $"The final release of {handle} was forgotten while {held.Ip}, which it should have ended, is held.");
                }

                if (commit.Unit.At - at < kept)
                {
                    yield return new("INV-4", commit.Instant, $"The final release of {handle} was forgotten after {(commit.Unit.At - at).TotalSeconds:0.0} s.");
                }
            }

            before = commit.After;
        }
    }
}

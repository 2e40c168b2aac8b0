using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-8: versions of a stream run without a gap up to its head, and a unit wins only under the heads it was decided under.</summary>
public static class VersionsHaveNoGap
{
    public static IEnumerable<Violation> Judge(History history)
    {
        var heads = new Dictionary<StreamId, Head>();
        foreach (var commit in history.Commits)
        {
            var unit = commit.Unit;
            foreach (var (stream, expected) in unit.Appends.Select(append => (append.Stream, append.Expected)).Concat(unit.Fences.Select(fence => (fence.Stream, fence.Expected))))
            {
                if (heads.GetValueOrDefault(stream) != expected)
                {
                    yield return new("INV-8", commit.Instant, $"A unit of {unit.Member} won at {stream} version {expected.Version}, which was at {heads.GetValueOrDefault(stream).Version}.");
                }
            }

            foreach (var stream in unit.Appends.Select(append => append.Stream).Concat(unit.Raises))
            {
                heads[stream] = heads.GetValueOrDefault(stream).Next(unit.Commit);
                if (commit.After.HeadOf(stream) != heads[stream])
                {
                    yield return new("INV-8", commit.Instant, $"The head of {stream} is {commit.After.HeadOf(stream).Version} where {heads[stream].Version} was written.");
                }
            }
        }
    }
}

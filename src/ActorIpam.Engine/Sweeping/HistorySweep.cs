using ActorIpam.Domain.Views;
using ActorIpam.Engine.Door;
using ActorIpam.Engine.Turns;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Runtime.GroupCommit;

namespace ActorIpam.Engine.Sweeping;

/// <summary>Forgets history past its time, some rows a unit. The horizon moves with the first of them, so that no answer is given that lacks rows.</summary>
internal sealed class HistorySweep(Workplace workplace, Committer committer, IPastViews past, SweepingOptions options) : ISweep
{
    public async Task<SweepCounts> SweepAsync(SweepCounts counts, CancellationToken stop)
    {
        if (options.HistoryKept is not { } kept)
        {
            return counts;
        }

        var before = workplace.Ports.Time.Reading() - (kept > SweepingOptions.ShortestHistory ? kept : SweepingOptions.ShortestHistory);
        for (var page = 0; page < options.PagesPerRun && await past.HasHistoryBeforeAsync(before, stop); page++)
        {
            var unit = new Unit(new(workplace.Ports.Chance.NewId()))
            {
                At = workplace.Ports.Time.Reading(),
                Member = workplace.Options.Name,
                Views = [new IpamViewChange.HistoryForgotten(before, options.RowsPerPage)],
            };
            if (await committer.CommitAsync(unit) is Outcome.Failed failed)
            {
                throw TurnRunner.Failure(failed);
            }

            counts = counts with { HistoryCuts = counts.HistoryCuts + 1 };
            await workplace.Ports.Faults.PassAsync(FaultPoint.SweepActed);
        }

        return counts;
    }
}

using ActorIpam.Domain.Views;
using ActorIpam.Engine.Door;
using ActorIpam.Runtime;

namespace ActorIpam.Engine.Sweeping;

/// <summary>Cooldowns that are over end without anybody asking for an address; an orphan that is empty then disappears.</summary>
internal sealed class CooldownSweep(Workplace workplace, IDueViews due, SweepingOptions options) : ISweep
{
    public async Task<SweepCounts> SweepAsync(SweepCounts counts, CancellationToken stop)
    {
        var (catalog, _) = await workplace.CatalogAsync(stop);
        var through = workplace.Ports.Time.Reading() - catalog.Rules.Cooldown;
#if PLANTED_BUGS
        through = EventSourcing.Planted.Is("cooldown-sweep-ends-early") ? workplace.Ports.Time.Reading() : through;
#endif
        for (var page = 0; page < options.PagesPerRun; page++)
        {
            var rows = await due.CoolingThroughAsync(through, options.RowsPerPage, stop);
            var ended = 0;
            foreach (var row in rows)
            {
                stop.ThrowIfCancellationRequested();
                ended += await workplace.TurnAsync(new ThawCommand(row.Block) { Deadline = workplace.Deadline }, CancellationToken.None);
                await workplace.Ports.Faults.PassAsync(FaultPoint.SweepActed);
            }

            counts = counts with { CooldownsEnded = counts.CooldownsEnded + ended };
            if (rows.Length < options.RowsPerPage || ended == 0)
            {
                break;
            }
        }

        return counts;
    }
}

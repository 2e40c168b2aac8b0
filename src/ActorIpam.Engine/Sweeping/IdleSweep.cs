using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Affinities;
using ActorIpam.Engine.Door;
using ActorIpam.Runtime;

namespace ActorIpam.Engine.Sweeping;

/// <summary>Empty blocks that nobody has touched for long go back, as long as their owner keeps a block of the family; that is fenced.</summary>
internal sealed class IdleSweep(Workplace workplace, IDueViews due, SweepingOptions options) : ISweep
{
    private IdleBlocks _idle = IdleBlocks.None;

    public async Task<SweepCounts> SweepAsync(SweepCounts counts, CancellationToken stop)
    {
        if (options.IdleGrace <= TimeSpan.Zero)
        {
            return counts;
        }

        var now = workplace.Ports.Time.Reading();
        _idle = _idle.Observe(await EmptyAsync(stop), now);
        foreach (var (range, seen) in _idle.Due(now, options.IdleGrace))
        {
            stop.ThrowIfCancellationRequested();
            var end = new EndCommand(range, seen.Owner, mustBeEmpty: true, "idle") { Deadline = workplace.Deadline, OnlyAtVersion = seen.Version, KeepsOne = true };
#if PLANTED_BUGS
            if (EventSourcing.Planted.Is("idle-sweep-takes-the-last-block"))
            {
                end = new(range, seen.Owner, mustBeEmpty: true, "idle") { Deadline = workplace.Deadline, OnlyAtVersion = seen.Version };
            }

#endif
            var ended = await workplace.TurnAsync(end, CancellationToken.None);
            counts = counts with { IdleBlocks = counts.IdleBlocks + (ended is { IsRefused: false, Value: true } ? 1 : 0) };
            await workplace.Ports.Faults.PassAsync(FaultPoint.SweepActed);
        }

        return counts;
    }

    private async Task<ImmutableArray<BlockRow>> EmptyAsync(CancellationToken stop)
    {
        var all = ImmutableArray.CreateBuilder<BlockRow>();
        Cidr? after = null;
        for (var page = 0; page < options.PagesPerRun; page++)
        {
            var rows = await due.EmptyBlocksAsync(after, options.RowsPerPage, stop);
            all.AddRange(rows);
            if (rows.Length < options.RowsPerPage)
            {
                break;
            }

            after = rows[^1].Block;
        }

        return all.ToImmutable();
    }
}

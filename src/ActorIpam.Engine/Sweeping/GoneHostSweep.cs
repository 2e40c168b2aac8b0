using ActorIpam.Domain.Blocks;
using ActorIpam.Engine.Affinities;
using ActorIpam.Engine.Door;
using ActorIpam.Runtime;

namespace ActorIpam.Engine.Sweeping;

/// <summary>Blocks that stayed with a host whose node was deleted lose their owner, each under the node's head at which it was seen absent.</summary>
internal sealed class GoneHostSweep(Workplace workplace, SweepingOptions options) : ISweep
{
    private readonly DeletedNodes _nodes = new(workplace.Ports.Journal);

    public async Task<SweepCounts> SweepAsync(SweepCounts counts, CancellationToken stop)
    {
        await _nodes.RefreshAsync(stop);
        foreach (var (name, deletedAt) in _nodes.Unfinished.Take(options.RowsPerPage).ToArray())
        {
            var owner = Owner.Host(name);
            var through = deletedAt + options.ClockError;
            var old = (await workplace.Ports.Views.BlocksOfAsync(owner, stop)).Where(row => row.ClaimedAt is not { } at || at <= through).ToArray();
            foreach (var row in old)
            {
                stop.ThrowIfCancellationRequested();
                var end = new EndCommand(row.Block, owner, mustBeEmpty: false, "node-deleted", onlyWithoutNode: true)
                {
                    Deadline = workplace.Deadline,
                    OnlyClaimedThrough = through,
                };
#if PLANTED_BUGS
                if (EventSourcing.Planted.Is("sweep-takes-the-blocks-of-a-host-that-came-back"))
                {
                    end = new(row.Block, owner, mustBeEmpty: false, "node-deleted") { Deadline = workplace.Deadline };
                }

#endif
                var ended = await workplace.TurnAsync(end, CancellationToken.None);
                counts = counts with { BlocksOfGoneHosts = counts.BlocksOfGoneHosts + (ended is { IsRefused: false, Value: true } ? 1 : 0) };
                await workplace.Ports.Faults.PassAsync(FaultPoint.SweepActed);
            }

            if (old.Length == 0)
            {
                _nodes.Finish(name);
            }
        }

        return counts;
    }
}

using System.Collections.Immutable;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Door;
using ActorIpam.Engine.Turns;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Runtime.GroupCommit;

namespace ActorIpam.Engine.Sweeping;

/// <summary>Finishes final releases that were begun, and forgets requests and final releases that nobody can repeat or overtake any more (protocol.md §4).</summary>
/// <remarks>
/// A request outlives every address of its grant, so that a repeat is answered as long as the answer is true. A final release outlives the requests
/// of the life it ended: it is what lets a request id come again, so it is forgotten only when no old request is left.
/// </remarks>
internal sealed class RetentionSweep(Workplace workplace, ReleaseDoor releases, Committer committer, IDueViews due, SweepingOptions options) : ISweep
{
    private OldRequest? _lastRequest;
    private string? _lastHandle;

    public async Task<SweepCounts> SweepAsync(SweepCounts counts, CancellationToken stop)
    {
        var now = workplace.Ports.Time.Reading();
        (counts, var drained) = await SweepRequestsAsync(counts, now - options.RequestsKept, stop);
        return await SweepHandlesAsync(counts, drained ? now - options.HandlesKept : DateTimeOffset.MinValue, stop);
    }

    private async Task<(SweepCounts Counts, bool Drained)> SweepRequestsAsync(SweepCounts counts, DateTimeOffset before, CancellationToken stop)
    {
        // Those that are still held are passed over; the walk goes on behind them in the next run, and begins again at the end.
        var fromStart = _lastRequest is null;
        for (var page = 0; page < options.PagesPerRun; page++)
        {
            var rows = await due.OldRequestsAsync(before, _lastRequest, options.RowsPerPage, stop);
            var old = rows.Where(static row => !row.IsHeld).Select(static ViewChange (row) => new IpamViewChange.RequestForgotten(row.Id, row.At)).ToImmutableArray();
#if PLANTED_BUGS
            if (Planted.Is("retention-forgets-what-is-held"))
            {
                old = [.. rows.Select(static ViewChange (row) => new IpamViewChange.RequestForgotten(row.Id, row.At))];
            }

#endif
            await ForgetAsync(old);
            counts = counts with { RequestsForgotten = counts.RequestsForgotten + old.Length };
            if (rows.Length < options.RowsPerPage)
            {
                _lastRequest = null;
                return (counts, fromStart);
            }

            _lastRequest = rows[^1];
        }

        return (counts, Drained: false);
    }

    private async Task<SweepCounts> SweepHandlesAsync(SweepCounts counts, DateTimeOffset before, CancellationToken stop)
    {
        for (var page = 0; page < options.PagesPerRun; page++)
        {
            var rows = await due.ClosedHandlesAsync(_lastHandle, options.RowsPerPage, stop);
#if PLANTED_BUGS
            rows = Planted.Is("sweeper-ignores-issued") ? [.. rows.Select(static row => row with { IsUnfinished = row.IsHeld })] : rows;
            before = Planted.Is("final-releases-forgotten-too-early") ? DateTimeOffset.MaxValue : before;
#endif
            foreach (var row in rows.Where(static row => row.IsUnfinished))
            {
                stop.ThrowIfCancellationRequested();
                var release = new ReleaseHandleRequest { Handle = row.Handle, Final = true, IssuedAt = row.Through };
#if PLANTED_BUGS
                release = Planted.Is("sweeper-ignores-issued") ? release with { IssuedAt = workplace.Ports.Time.GetUtcNow() } : release;
#endif
                await releases.ReleaseHandleAsync(release, onlyOf: null, CancellationToken.None);
                counts = counts with { ReleasesFinished = counts.ReleasesFinished + 1 };
                await workplace.Ports.Faults.PassAsync(FaultPoint.SweepActed);
            }

            var old = rows.Where(row => !row.IsHeld && row.At < before).Select(static ViewChange (row) => new IpamViewChange.CloseForgotten(row.Handle, row.Through)).ToImmutableArray();
            await ForgetAsync(old);
            counts = counts with { HandlesForgotten = counts.HandlesForgotten + old.Length };
            _lastHandle = rows.Length < options.RowsPerPage ? null : rows[^1].Handle;
            if (_lastHandle is null)
            {
                break;
            }
        }

        return counts;
    }

    /// <summary>A unit of nothing but what is forgotten: each part happens only if the row is still the one that was seen, so the unit needs no fence.</summary>
    private async Task ForgetAsync(ImmutableArray<ViewChange> forgotten)
    {
        if (forgotten.IsEmpty)
        {
            return;
        }

        var unit = new Unit(new(workplace.Ports.Chance.NewId())) { At = workplace.Ports.Time.Reading(), Member = workplace.Options.Name, Views = forgotten };
        if (await committer.CommitAsync(unit) is Outcome.Failed failed)
        {
            throw TurnRunner.Failure(failed);
        }

        await workplace.Ports.Faults.PassAsync(FaultPoint.SweepActed);
    }
}

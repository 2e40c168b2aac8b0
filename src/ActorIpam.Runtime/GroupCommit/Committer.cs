using System.Collections.Immutable;
using ActorIpam.EventSourcing;

namespace ActorIpam.Runtime.GroupCommit;

/// <summary>Sends the units of a member in batches: what has queued while a commit was under way goes out with the next one. There is no timer.</summary>
/// <remarks>
/// A stream that a unit appends to is in one batch at a time. A unit whose outcome is unknown is sent again, the same unit, until the outcome is
/// definite: taking unknown for failed gives addresses away twice or loses them.
/// </remarks>
public sealed class Committer(IJournal journal, TimeProvider time, IChance chance, IFaultPoints faults, CommitterOptions options)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Sending> _queue = new();
    private readonly HashSet<StreamId> _inFlight = [];
    private int _lanes;

    /// <summary>Units that wait or are under way.</summary>
    public int Depth { get; private set; }

    /// <summary>Commits a unit.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="whenUnknown">Called each time its outcome turns out unknown, before it is sent again.</param>
    /// <returns>Won, AlreadyMine, Lost, Refused or Failed; never Unknown.</returns>
    /// <exception cref="UnavailableException">Too many units wait; this one was not sent.</exception>
    public async Task<Outcome> CommitAsync(Unit unit, Action? whenUnknown = null)
    {
        var sending = new Sending(unit, whenUnknown);
        lock (_gate)
        {
            if (Depth >= options.Capacity)
            {
                throw new UnavailableException("Too many commits are waiting.");
            }

            Depth++;
            _queue.AddLast(sending);
        }

        StartLane();
        return await sending.Outcome.Task;
    }

    private void StartLane()
    {
        lock (_gate)
        {
            if (_lanes >= options.Lanes)
            {
                return;
            }

            _lanes++;
        }

        _ = RunLaneAsync();
    }

    private async Task RunLaneAsync()
    {
        while (TakeBatch() is { Count: > 0 } batch)
        {
            var outcomes = await SendAsync([.. batch.Select(static sending => sending.Unit)]);
            var unknown = Settle(batch, outcomes);
            if (unknown > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(options.RetryFloor + chance.Next(options.RetrySpread)), time);
            }
            else
            {
                // What the outcomes bring about comes first: its units go with the next batch instead of the one behind it.
                await Task.Yield();
            }
        }
    }

    private async ValueTask<ImmutableArray<Outcome>> SendAsync(ImmutableArray<Unit> units)
    {
        try
        {
            await faults.PassAsync(FaultPoint.BatchSending);
            var outcomes = await journal.AppendAsync(units);
            await faults.PassAsync(FaultPoint.BatchCommitted);
            return outcomes;
        }
        catch (Exception failure) when (failure is not InvariantViolationException)
        {
            // The port promises outcomes. If it breaks the promise, nobody knows what was written.
            return [.. units.Select(_ => new Outcome.Unknown(failure.Message))];
        }
    }

    /// <summary>The next units in order, leaving out those whose streams are under way; ends the lane when there are none.</summary>
    private List<Sending> TakeBatch()
    {
        lock (_gate)
        {
            var batch = new List<Sending>();
            var bytes = 0;
            for (var node = _queue.First; node is not null && batch.Count < options.UnitsPerBatch && bytes < options.BytesPerBatch;)
            {
                var (sending, next) = (node.Value, node.Next);
                if (!sending.Unit.Appends.Any(append => _inFlight.Contains(append.Stream)))
                {
                    _queue.Remove(node);
                    batch.Add(sending);
                    bytes += sending.Bytes;
                    foreach (var append in sending.Unit.Appends)
                    {
                        _inFlight.Add(append.Stream);
                    }
                }

                node = next;
            }

            if (batch.Count == 0)
            {
                _lanes--;
            }

            return batch;
        }
    }

    private int Settle(List<Sending> batch, ImmutableArray<Outcome> outcomes)
    {
        var unknown = new List<Sending>();
        lock (_gate)
        {
            for (var i = batch.Count - 1; i >= 0; i--)
            {
                foreach (var append in batch[i].Unit.Appends)
                {
                    _inFlight.Remove(append.Stream);
                }

                if (outcomes[i] is Outcome.Unknown)
                {
                    // To the front, in their order: what came first is settled first.
                    unknown.Add(batch[i]);
                    _queue.AddFirst(batch[i]);
                }
                else
                {
                    Depth--;
                }
            }
        }

        unknown.ForEach(static sending => sending.WhenUnknown?.Invoke());
        for (var i = 0; i < batch.Count; i++)
        {
            if (outcomes[i] is not Outcome.Unknown)
            {
                batch[i].Outcome.SetResult(outcomes[i]);
            }
        }

        return unknown.Count;
    }

    private sealed record Sending(Unit Unit, Action? WhenUnknown)
    {
        public TaskCompletionSource<Outcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Bytes { get; } = Unit.Appends.Sum(static append => append.Events.Length) + (Unit.Views.Length * 100);
    }
}

/// <summary>The bounds of group commit.</summary>
/// <param name="Lanes">Batches under way at once: connections to the journal that append.</param>
/// <param name="UnitsPerBatch">Units in a batch.</param>
/// <param name="BytesPerBatch">Bytes in a batch, roughly.</param>
/// <param name="Capacity">Units that may wait.</param>
/// <param name="RetryFloor">Milliseconds before an unknown unit is sent again.</param>
/// <param name="RetrySpread">Milliseconds of chance on top.</param>
public sealed record CommitterOptions(
    int Lanes = 1, int UnitsPerBatch = 256, int BytesPerBatch = 1 << 20, int Capacity = 4096, int RetryFloor = 20, int RetrySpread = 80);

using System.Collections.Immutable;
using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Faults;
using ActorIpam.Simulation.Kernel;
using ActorIpam.Simulation.Members;

namespace ActorIpam.Simulation.Journal;

/// <summary>One member's connection to the store: slow, unreliable, and the place where members die.</summary>
/// <param name="store">The store that all members share.</param>
/// <param name="member">Whose connection it is: the network may be cut between it and the store.</param>
/// <param name="lane">The process that uses the connection; answers come back to it, if it lives.</param>
/// <param name="crash">Kills that process.</param>
/// <param name="number">The protocol number of its release: what it can read.</param>
public sealed class SimulatedJournal(SimulatedStore store, string member, Lane lane, Action crash, int number = 1) : IJournal, IJournalUpkeep
{
    /// <summary>After so long an adapter abandons a commit and calls it unknown (protocol.md §4).</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dice _dice = lane.World.Dice($"journal of {lane.Name}");
    private readonly Connection _reads = new(store, member, lane);

    public async ValueTask<ImmutableArray<Outcome>> AppendAsync(ImmutableArray<Unit> batch)
    {
        var answer = new TaskCompletionSource<ImmutableArray<Outcome>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var fault = store.Faults.OfAppend(Flow.Of(batch));
        store.Releases.Sent(batch, number);
        store.Await(batch);
        if (IsCut() is { } cut)
        {
            store.Faults.Met(Flow.Of(batch), Fault.CutOff);
            fault = cut;
        }

        if (fault != Fault.None)
        {
            lane.Tell($"{Flow.Of(batch)} of {batch.Length}: {fault}");
        }

        Play(fault, batch, answer);
        // Awaited here, so that what callers combine it with completes in the lane: the task of a source itself would complete a WhenAny on the pool.
        var outcomes = await answer.Task;
        store.Hears(batch, outcomes);
        return outcomes;
    }

    public async ValueTask<StreamTail> ReadAsync(StreamId stream, Head after, CancellationToken cancellation) =>
        Seen(await _reads.ReadAsync(Journal.Reads.Tail, () => store.Journal.ReadAsync(stream, after, CancellationToken.None), cancellation), stream);

    /// <remarks>A fault of reading, like the others, is a fault of this one answer: what is stored stays good.</remarks>
    public async ValueTask<StreamTail> LoadAsync(StreamId stream, long below, CancellationToken cancellation) =>
        Seen(await _reads.ReadAsync(Journal.Reads.Tail, () => store.Journal.LoadAsync(stream, below, CancellationToken.None), cancellation), stream);

    public ValueTask<ImmutableArray<StreamLength>> LengthsAsync(string prefix, StreamId? after, int limit, CancellationToken cancellation) =>
        _reads.ReadAsync(Journal.Reads.Lengths, () => store.Journal.LengthsAsync(prefix, after, limit, CancellationToken.None), cancellation);

    public ValueTask<bool> KeepAsync(Snapshot snapshot, CancellationToken cancellation) =>
        _reads.ReadAsync(Journal.Reads.Keep, () => store.Journal.KeepAsync(snapshot, CancellationToken.None), cancellation, writes: true);

    public ValueTask<int> CutAsync(StreamId stream, Head covered, DateTimeOffset before, int most, CancellationToken cancellation) =>
        _reads.ReadAsync(Journal.Reads.Cut, () => store.CutAsync(stream, covered, before, most), cancellation, writes: true);

    public ValueTask<ImmutableArray<Head>> HeadsAsync(ImmutableArray<StreamId> streams, CancellationToken cancellation) =>
        _reads.ReadAsync(Journal.Reads.Heads, () => store.Journal.HeadsAsync(streams, CancellationToken.None), cancellation);

    private StreamTail Seen(StreamTail tail, StreamId stream) => store.Releases.Seen(store.Upkeep.Seen(tail, stream, lane), number, store.Faults.Report, lane);

    /// <summary>What a cut does to a batch: it does not arrive, or its answer does not.</summary>
    private Fault? IsCut() => store.Network is not { } network ? null
        : network.IsCut(member, SimulatedNetwork.Store) ? Fault.LostOnTheWay
        : network.IsCut(SimulatedNetwork.Store, member) ? Fault.AnswerLost
        : null;

    private void Play(Fault fault, ImmutableArray<Unit> batch, TaskCompletionSource<ImmutableArray<Outcome>> answer)
    {
        var way = store.Stalled + _dice.Between(TimeSpan.FromMicroseconds(20), TimeSpan.FromMilliseconds(3));
        switch (fault)
        {
            case Fault.LostOnTheWay:
            case Fault.RefusedBefore or Fault.StorageFull when store.IsDoubtful(batch):
                AnswerInTime(way + Long(), batch, answer);
                break;
            case Fault.RefusedBefore:
                AnswerInTime(way, batch, answer, Failed(batch, JournalFault.Unreachable));
                break;
            case Fault.StorageFull:
                AnswerInTime(way, batch, answer, Failed(batch, JournalFault.StorageFull));
                break;
            case Fault.ArrivesLate:
                AnswerInTime(way, batch, answer);
                lane.World.After(way + Long(), store.Lane, () => store.SubmitLate(batch));
                break;
            case Fault.CrashBefore:
                crash();
                break;
            case Fault.CrashUnderway:
                lane.World.After(way, store.Lane, () => store.Submit(batch, static _ => { }));
                crash();
                break;
            default:
                lane.World.After(way, store.Lane, () => Write(fault, batch, answer));
                Answer(Patience, answer, () => Unknown(batch));
                break;
        }
    }

    /// <summary>At the store: the batch is judged, and then its answer may still be lost.</summary>
    private void Write(Fault fault, ImmutableArray<Unit> batch, TaskCompletionSource<ImmutableArray<Outcome>> answer)
    {
        if (answer.Task.IsCompleted)
        {
            store.SubmitLate(batch);
            return;
        }

        var way = _dice.Between(TimeSpan.FromMicroseconds(20), TimeSpan.FromMilliseconds(3));
        if (fault == Fault.Torn)
        {
            store.Submit(batch[..Math.Max(1, batch.Length / 2)], static _ => { });
            Answer(way, answer, Unknown(batch));
            return;
        }

        store.Submit(batch, outcomes => Tell(fault, way, batch, outcomes ?? Unknown(batch), answer));
    }

    /// <summary>The batch was judged, or its connection broke. One that was on its way until after the faults ended makes nobody stand still any more.</summary>
    private void Tell(Fault fault, TimeSpan way, ImmutableArray<Unit> batch, ImmutableArray<Outcome> outcomes, TaskCompletionSource<ImmutableArray<Outcome>> answer)
    {
        switch (fault)
        {
            case Fault.AnswerLost:
                Answer(way + Long(), answer, Unknown(batch));
                return;
            case Fault.AnsweredLate:
                way = _dice.Between(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15));
                break;
            case Fault.Stall when store.Faults.IsOn:
                store.Stall(_dice.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)));
                break;
            case Fault.CrashAfter:
                crash();
                return;
            case Fault.PauseAfter when store.Faults.IsOn:
                Pause();
                break;
        }

        Answer(way, answer, outcomes);
    }

    private void Pause()
    {
        lane.Pause();
        lane.World.After(_dice.Between(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(30)), store.Lane, lane.Resume);
    }

    private void Answer(TimeSpan after, TaskCompletionSource<ImmutableArray<Outcome>> answer, ImmutableArray<Outcome> outcomes) =>
        Answer(after, answer, () => outcomes);

    /// <summary>Whatever keeps a batch or its answer – the store may stand still for longer –, nobody waits for it beyond his patience.</summary>
    private void AnswerInTime(TimeSpan after, ImmutableArray<Unit> batch, TaskCompletionSource<ImmutableArray<Outcome>> answer, ImmutableArray<Outcome>? outcomes = null) =>
        Answer(after < Patience ? after : Patience, answer, after < Patience && outcomes is { } told ? told : Unknown(batch));

    private void Answer(TimeSpan after, TaskCompletionSource<ImmutableArray<Outcome>> answer, Func<ImmutableArray<Outcome>> outcomes) =>
        lane.World.After(after, lane, () =>
        {
            if (!answer.Task.IsCompleted)
            {
                answer.SetResult(outcomes());
            }
        });

    /// <summary>Mostly a short wait, sometimes most of a time-out.</summary>
    private TimeSpan Long() => _dice.Next(4) == 0
        ? _dice.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(12))
        : _dice.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(60));

    private ImmutableArray<Outcome> Unknown(ImmutableArray<Unit> batch)
    {
        store.Doubt(batch);
        return [.. batch.Select(_ => (Outcome)new Outcome.Unknown("simulated"))];
    }

    private static ImmutableArray<Outcome> Failed(ImmutableArray<Unit> batch, JournalFault fault) => [.. batch.Select(_ => (Outcome)new Outcome.Failed(fault, "simulated"))];
}

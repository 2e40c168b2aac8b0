using System.Collections.Immutable;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Simulation.Tests;

/// <summary>A journal that breaks its word in one chosen way.</summary>
internal sealed class BrokenJournal(IJournal journal) : IJournal
{
    private readonly Dictionary<CommitId, int> _sent = [];

    /// <summary>What reaches the store instead of a unit; the number says how often it was sent before.</summary>
    public Func<BrokenJournal, Unit, int, ValueTask<Unit>>? Change { get; init; }

    /// <summary>What is answered instead of an outcome.</summary>
    public Func<Outcome, Outcome>? Outcome { get; init; }

    /// <summary>The outcome of a unit that is not sent but judged by what can be read; null for one that is sent. The number says how often it was sent before.</summary>
    public Func<BrokenJournal, Unit, int, ValueTask<Outcome?>>? Reads { get; init; }

    /// <summary>Says "won" and only then sends.</summary>
    public bool AnswersFirst { get; init; }

    /// <summary>Reads give the head of now with all rows but the last.</summary>
    public bool CutsTails { get; init; }

    public static async ValueTask<Unit> AtWhateverHead(BrokenJournal self, Unit unit, int sent)
    {
        if (unit.Appends.IsEmpty)
        {
            return unit;
        }

        var heads = await self.HeadsAsync([.. unit.Appends.Select(append => append.Stream)], CancellationToken.None);
        return unit with { Appends = [.. unit.Appends.Select((append, i) => append with { Expected = heads[i] })] };
    }

    /// <summary>As <see cref="AtWhateverHead"/>, for units that end blocks.</summary>
    public static ValueTask<Unit> EndsBlocksAtWhateverHead(BrokenJournal self, Unit unit, int sent) =>
        unit.Views.Any(change => change is IpamViewChange.BlockGone or IpamViewChange.BlockStands { Row.Owner: null }) ? AtWhateverHead(self, unit, sent) : new(unit);

    public static ValueTask<Unit> WithoutRequestGuards(BrokenJournal self, Unit unit, int sent) =>
        new(unit with { Guards = unit.Guards.RemoveAll(guard => guard is IpamGuard.NewRequest) });

    public static ValueTask<Unit> WithoutHandleGuards(BrokenJournal self, Unit unit, int sent) =>
        new(unit with { Guards = unit.Guards.RemoveAll(guard => guard is IpamGuard.HandleOpen) });

    public static ValueTask<Unit> WithoutFences(BrokenJournal self, Unit unit, int sent) => new(unit with { Fences = [] });

    public static ValueTask<Unit> UnderAnotherCommitId(BrokenJournal self, Unit unit, int sent)
    {
        var bytes = unit.Commit.Value.ToByteArray();
        bytes[0] = (byte)(bytes[0] ^ sent);
        return new(unit with { Commit = new(new Guid(bytes)) });
    }

    /// <summary>Whether a unit was written is looked up: it can be seen before it is durable.</summary>
    public static async ValueTask<Outcome?> OfWhatWasSent(BrokenJournal self, Unit unit, int sent)
    {
        if (sent == 0 || unit.Appends is not [var first, ..])
        {
            return null;
        }

        try
        {
            var tail = await self.ReadAsync(first.Stream, first.Expected, CancellationToken.None);
            return tail.Rows is [var next, ..] && next.Commit == unit.Commit ? EventSourcing.Outcome.AlreadyMine.Instance : null;
        }
        catch (JournalUnavailableException)
        {
            return null;
        }
    }

    /// <summary>A unit that writes nothing waits for nothing.</summary>
    public static async ValueTask<Outcome?> OfQuestions(BrokenJournal self, Unit unit, int sent)
    {
        if (!unit.IsQuestion)
        {
            return null;
        }

        var heads = await self.HeadsAsync([.. unit.Fences.Select(fence => fence.Stream)], CancellationToken.None);
        ImmutableArray<StreamId> moved = [.. unit.Fences.Where((fence, i) => heads[i] != fence.Expected).Select(fence => fence.Stream)];
        return moved.IsEmpty ? EventSourcing.Outcome.Won.Instance : new Outcome.Lost(moved);
    }

    public static Outcome UnknownIsStorageFull(Outcome outcome) => outcome is Outcome.Unknown unknown ? new Outcome.Failed(JournalFault.StorageFull, unknown.Why) : outcome;

    public static Outcome UnknownIsSuccess(Outcome outcome) => outcome is Outcome.Unknown ? EventSourcing.Outcome.Won.Instance : outcome;

    public static Outcome LostIsSuccess(Outcome outcome) => outcome is Outcome.Lost ? EventSourcing.Outcome.Won.Instance : outcome;

    public async ValueTask<ImmutableArray<Outcome>> AppendAsync(ImmutableArray<Unit> batch)
    {
        var changed = batch;
        for (var i = 0; i < batch.Length && Change is not null; i++)
        {
            var sent = _sent[batch[i].Commit] = _sent.GetValueOrDefault(batch[i].Commit, -1) + 1;
            changed = changed.SetItem(i, await Change(this, batch[i], sent));
        }

        if (Reads is not null)
        {
            return await ReadOrSendAsync(batch);
        }

        if (AnswersFirst)
        {
            _ = journal.AppendAsync(changed).AsTask();
            return [.. batch.Select(_ => (Outcome)EventSourcing.Outcome.Won.Instance)];
        }

        var outcomes = await journal.AppendAsync(changed);
        return Outcome is null ? outcomes : [.. outcomes.Select(Outcome)];
    }

    private async ValueTask<ImmutableArray<Outcome>> ReadOrSendAsync(ImmutableArray<Unit> batch)
    {
        var outcomes = new Outcome?[batch.Length];
        for (var i = 0; i < batch.Length; i++)
        {
            var sent = _sent[batch[i].Commit] = _sent.GetValueOrDefault(batch[i].Commit, -1) + 1;
            outcomes[i] = await Reads!(this, batch[i], sent);
        }

        ImmutableArray<Unit> rest = [.. batch.Where((_, i) => outcomes[i] is null)];
        var judged = rest.IsEmpty ? [] : await journal.AppendAsync(rest);
        var next = 0;
        return [.. outcomes.Select(outcome => outcome ?? judged[next++])];
    }

    public async ValueTask<StreamTail> ReadAsync(StreamId stream, Head after, CancellationToken cancellation)
    {
        var tail = await journal.ReadAsync(stream, after, cancellation);
        return CutsTails && tail.Rows.Length > 1 ? tail with { Rows = tail.Rows[..^1] } : tail;
    }

    public async ValueTask<StreamTail> LoadAsync(StreamId stream, long below, CancellationToken cancellation)
    {
        var tail = await journal.LoadAsync(stream, below, cancellation);
        return CutsTails && tail.Rows.Length > 1 ? tail with { Rows = tail.Rows[..^1] } : tail;
    }

    public async ValueTask<ImmutableArray<Head>> HeadsAsync(ImmutableArray<StreamId> streams, CancellationToken cancellation)
    {
        try
        {
            return await journal.HeadsAsync(streams, cancellation);
        }
        catch (JournalUnavailableException) when (cancellation == CancellationToken.None)
        {
            return await HeadsAsync(streams, cancellation);
        }
    }
}

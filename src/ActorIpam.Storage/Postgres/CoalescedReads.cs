using System.Collections.Immutable;

namespace ActorIpam.Storage.Postgres;

/// <summary>Look-ups by key of which many are asked at once: those that come while statements are under way share the next one.</summary>
/// <remarks>
/// A look-up sees all that was committed when it was asked: no statement that was under way by then answers it. One alone waits for nobody.
/// Calls may run concurrently.
/// </remarks>
/// <param name="read">One statement: the rows of these keys, each key once, in the order in which a single look-up has them.</param>
/// <param name="keyOf">Which key a row belongs to.</param>
internal sealed class CoalescedReads<TRow>(Func<string[], ValueTask<ImmutableArray<TRow>>> read, Func<TRow, string> keyOf)
{
    /// <summary>Two: a statement that hangs does not hold up everybody, and most still share.</summary>
    private const int MostStatements = 2;

    private const int MostKeys = 64;

    private readonly Lock _lock = new();
    private readonly Queue<Asked> _waiting = new();
    private int _statements;

    /// <exception cref="EventSourcing.JournalUnavailableException">The server did not answer.</exception>
    public async ValueTask<ImmutableArray<TRow>> OfAsync(string key, CancellationToken cancellation)
    {
        var asked = new Asked(key);
        bool isNext;
        lock (_lock)
        {
            _waiting.Enqueue(asked);
            isNext = _statements < MostStatements;
            _statements += isNext ? 1 : 0;
        }

        if (isNext)
        {
            _ = AnswerWaitingAsync();
        }

        return await asked.Answer.Task.WaitAsync(cancellation);
    }

    private async Task AnswerWaitingAsync()
    {
        for (var some = Next(); some.Count > 0; some = Next())
        {
            try
            {
                var rows = (await read([.. some.Select(static asked => asked.Key).Distinct(StringComparer.Ordinal)])).ToLookup(keyOf, StringComparer.Ordinal);
                some.ForEach(asked => asked.Answer.SetResult([.. rows[asked.Key]]));
            }
#pragma warning disable CA1031 // Whatever it is, it is the answer of everybody who shares the statement.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                some.ForEach(asked => asked.Answer.TrySetException(failure));
            }
        }
    }

    /// <summary>Who shares the next statement; none when nobody waits, and then this one is over.</summary>
    private List<Asked> Next()
    {
        lock (_lock)
        {
            var some = new List<Asked>();
            while (some.Count < MostKeys && _waiting.TryDequeue(out var asked))
            {
                some.Add(asked);
            }

            _statements -= some.Count == 0 ? 1 : 0;
            return some;
        }
    }

    private sealed record Asked(string Key)
    {
        public TaskCompletionSource<ImmutableArray<TRow>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

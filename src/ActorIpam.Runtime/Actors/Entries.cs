using System.Collections.Concurrent;
using ActorIpam.EventSourcing;

namespace ActorIpam.Runtime.Actors;

/// <summary>The streams this member has activated: one entry a stream, bounded, the longest unused passivated first.</summary>
public sealed class Entries(IJournal journal, int most)
{
    private readonly ConcurrentDictionary<StreamId, Entry> _entries = new();
    private long _uses;
    private long _activations;
    private long _passivations;

    public int Count => _entries.Count;

    /// <summary>Streams activated since it was made.</summary>
    public long Activations => Interlocked.Read(ref _activations);

    /// <summary>Streams passivated since it was made.</summary>
    public long Passivations => Interlocked.Read(ref _passivations);

    /// <summary>Those that are activated now, in the order of their names.</summary>
    public IReadOnlyList<Entry> Active => [.. _entries.Values.OrderBy(static entry => entry.Id)];

    /// <summary>The entry of a stream; a new one has read nothing yet.</summary>
    public Entry<TState, TEvent> Of<TState, TEvent>(StreamId id, Func<StreamId, Entry<TState, TEvent>> activate)
        where TState : class, IAggregate<TState, TEvent>
    {
        if (!_entries.TryGetValue(id, out var entry))
        {
            Passivate();
            entry = _entries.GetOrAdd(id, activate);
            Interlocked.Increment(ref _activations);
        }

        entry.LastUsed = Interlocked.Increment(ref _uses);
        return (Entry<TState, TEvent>)entry;
    }

    /// <summary>What is remembered of a stream, without activating it.</summary>
    public Entry? Find(StreamId id) => _entries.GetValueOrDefault(id);

    /// <summary>Takes the locks of these entries in the order of their ids, all or – when the wait ends – none.</summary>
    /// <exception cref="OperationCanceledException">The wait ended first.</exception>
    public static async Task<Hold> HoldAsync(IEnumerable<Entry> entries, CancellationToken cancellation)
    {
        var hold = new Hold();
        try
        {
            foreach (var entry in entries.OrderBy(static entry => entry.Id))
            {
                await entry.Lock.TakeAsync(cancellation);
                hold.Add(entry);
            }

            return hold;
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    /// <summary>Reads the stale ones among these, at most <paramref name="atOnce"/> at a time.</summary>
    public async Task RefreshAsync(IReadOnlyCollection<Entry> entries, int atOnce, CancellationToken cancellation)
    {
        foreach (var some in entries.Where(static entry => entry.IsStale).Chunk(atOnce))
        {
            await Task.WhenAll(some.Select(entry => entry.RefreshAsync(journal, cancellation)));
        }
    }

    /// <summary>Makes room: forgets a tenth of the entries, those unused for longest, unless somebody holds them.</summary>
    private void Passivate()
    {
        if (_entries.Count < most)
        {
            return;
        }

        foreach (var entry in _entries.Values.Where(static entry => !entry.Lock.IsHeld).OrderBy(static entry => entry.LastUsed).Take(Math.Max(1, most / 10)))
        {
            if (_entries.TryRemove(new KeyValuePair<StreamId, Entry>(entry.Id, entry)))
            {
                Interlocked.Increment(ref _passivations);
            }
        }
    }
}

/// <summary>Locks that are held together and released together.</summary>
public sealed class Hold : IDisposable
{
    private readonly List<Entry> _entries = [];

    public IReadOnlyList<Entry> Entries => _entries;

    internal void Add(Entry entry) => _entries.Add(entry);

    /// <summary>Takes one more lock if it can be had at once. Nothing is waited for, so the order of the locks does not matter.</summary>
    /// <returns>False when somebody else has it, or what is remembered of the stream is known to be old.</returns>
    public bool TryTake(Entry entry)
    {
        if (entry.IsStale || !entry.Lock.TryTake())
        {
            return false;
        }

        _entries.Add(entry);
        return true;
    }

    public bool Has(StreamId id) => _entries.Exists(entry => entry.Id == id);

    public void Dispose()
    {
        foreach (var entry in _entries)
        {
            entry.IsDoubtful = false;
            entry.Lock.Release();
        }

        _entries.Clear();
    }
}

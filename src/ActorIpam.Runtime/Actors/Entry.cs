using ActorIpam.EventSourcing;

namespace ActorIpam.Runtime.Actors;

/// <summary>What this member remembers of one stream, and the lock of who may decide on it.</summary>
/// <remarks>
/// Reading needs no lock: state and head are replaced together. Writing needs it from the draft to the outcome. What is remembered may be old;
/// the journal compares heads, so an old memory loses, it does no harm.
/// </remarks>
public abstract class Entry(StreamId id)
{
    public StreamId Id { get; } = id;

    internal AsyncLock Lock { get; } = new();

    /// <summary>When a turn last looked at it, for passivation.</summary>
    public long LastUsed { get; internal set; }

    /// <summary>A unit on this stream has an unknown outcome: nobody should wait for it who can go elsewhere.</summary>
    public bool IsDoubtful { get; set; }

    /// <summary>Nothing was read yet, or the journal is known to have moved on.</summary>
    public bool IsStale { get; protected set; } = true;

    public abstract Head Head { get; }

    /// <summary>A turn decides on it now.</summary>
    public bool IsHeld => Lock.IsHeld;

    public void MarkStale() => IsStale = true;

    /// <summary>Reads what the journal has and this member has not.</summary>
    /// <exception cref="JournalUnavailableException">The journal did not answer.</exception>
    /// <exception cref="UnreadableEventException">The stream holds events this member does not know; it must not be activated here.</exception>
    public abstract Task RefreshAsync(IJournal journal, CancellationToken cancellation);
}

/// <inheritdoc cref="Entry"/>
/// <typeparam name="TState">The fold of the stream.</typeparam>
/// <typeparam name="TEvent">Its events.</typeparam>
public sealed class Entry<TState, TEvent>(StreamId id, TState beginning, IEventCodec<TEvent> codec) : Entry(id)
    where TState : class, IAggregate<TState, TEvent>
{
    private readonly Lock _gate = new();
    private readonly AsyncLock _reading = new();
    private Memory _now = new(beginning, Head.None);

    public TState State => _now.State;

    public override Head Head => _now.Head;

    public IEventCodec<TEvent> Codec => codec;

    /// <summary>State and head as one, so that a reader never sees a mixture.</summary>
    public (TState State, Head Head) Recall()
    {
        var now = Volatile.Read(ref _now);
        return (now.State, now.Head);
    }

    /// <summary>Takes over what a unit of this member has made true. What is older than what is known is ignored.</summary>
    public void Remember(TState state, Head head) => Replace(new(state, head), wentBack: false);

    /// <remarks>One reader at a time, so that what is remembered only moves forward: whoever returns from here knows at least what it asked for.</remarks>
    public override async Task RefreshAsync(IJournal journal, CancellationToken cancellation)
    {
        await _reading.TakeAsync(cancellation);
        try
        {
            // Cleared first: what moves while we read makes it stale again.
            IsStale = false;
            await ReadAsync(journal, cancellation);
        }
        catch
        {
            IsStale = true;
            throw;
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task ReadAsync(IJournal journal, CancellationToken cancellation)
    {
        var from = Volatile.Read(ref _now);
        var tail = await journal.ReadAsync(Id, from.Head, cancellation);
        var wentBack = !tail.Continues;
        if (wentBack)
        {
            // The journal went back and on again: what we remember never happened.
            from = new(beginning, Head.None);
            tail = await journal.ReadAsync(Id, Head.None, cancellation);
        }

        Replace(new(Fold(from, tail), tail.Head), wentBack);
    }

    private void Replace(Memory memory, bool wentBack)
    {
        lock (_gate)
        {
            if (wentBack || memory.Head.Version >= _now.Head.Version)
            {
                Volatile.Write(ref _now, memory);
            }
        }
    }

    private TState Fold(Memory from, StreamTail tail)
    {
        var state = from.State;
        var version = from.Head.Version;
        foreach (var row in tail.Rows)
        {
            Invariant.Holds(row.Version == version + 1, "INV-8", $"{Id} has version {row.Version} behind {version}.");
            version = row.Version;
            foreach (var fact in codec.Read(row.Events, row.Schema))
            {
                state = state.Apply(fact);
            }
        }

        Invariant.Holds(version == tail.Head.Version, "INV-8", $"{Id} ends at {version} but its head says {tail.Head.Version}.");
        return state;
    }

    private sealed record Memory(TState State, Head Head);
}

namespace ActorIpam.Runtime.Actors;

/// <summary>A mailbox a key, and an actor behind each that takes turns over its letters, one turn at a time.</summary>
/// <remarks>An actor exists while it has letters. Both each mailbox and all together are bounded: a full one refuses, nothing is dropped silently (INV-12).</remarks>
/// <typeparam name="TKey">Who the actor is.</typeparam>
/// <typeparam name="TLetter">What it is asked.</typeparam>
public sealed class Mailboxes<TKey, TLetter>(MailboxOptions options, Func<TKey, IReadOnlyList<TLetter>, Task> turn)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Queue<TLetter>> _mailboxes = [];
    private TaskCompletionSource? _drained;
    private int _waiting;
    private long _refused;
    private bool _closed;

    /// <summary>The actors that have letters, with how many.</summary>
    public IReadOnlyDictionary<TKey, int> Depths
    {
        get
        {
            lock (_gate)
            {
                return _mailboxes.ToDictionary(static mailbox => mailbox.Key, static mailbox => mailbox.Value.Count);
            }
        }
    }

    /// <summary>Letters that were not taken since it was made: the mailbox or the member was full, or no new work is taken.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Letters that wait, in all mailboxes and in the fullest one.</summary>
    public (int All, int Deepest) Waiting
    {
        get
        {
            lock (_gate)
            {
                return (_waiting, _mailboxes.Values.Select(static mailbox => mailbox.Count).DefaultIfEmpty().Max());
            }
        }
    }

    /// <summary>Puts a letter into the mailbox of an actor, which is started if it is not at work.</summary>
    /// <returns>False when the mailbox, or the member, is full, or no new work is taken.</returns>
    public bool TryPost(TKey key, TLetter letter)
    {
        lock (_gate)
        {
            if (_closed || _waiting >= options.CapacityOfAll)
            {
                Interlocked.Increment(ref _refused);
                return false;
            }

            if (_mailboxes.TryGetValue(key, out var mailbox))
            {
                if (mailbox.Count >= options.Capacity)
                {
                    Interlocked.Increment(ref _refused);
                    return false;
                }

                mailbox.Enqueue(letter);
                _waiting++;
                return true;
            }

            _mailboxes[key] = new([letter]);
            _waiting++;
        }

        _ = WorkAsync(key);
        return true;
    }

    /// <summary>Takes no new letters and completes when all actors have finished theirs.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            _closed = true;
            _drained ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_mailboxes.Count == 0)
            {
                _drained.TrySetResult();
            }

            return _drained.Task;
        }
    }

    private async Task WorkAsync(TKey key)
    {
        while (TakeLetters(key) is { } letters)
        {
            // The turn answers its letters whatever happens; nothing may end the actor while letters wait.
            await turn(key, letters);
        }
    }

    private List<TLetter>? TakeLetters(TKey key)
    {
        lock (_gate)
        {
            var mailbox = _mailboxes[key];
            if (mailbox.Count == 0)
            {
                _mailboxes.Remove(key);
                if (_closed && _mailboxes.Count == 0)
                {
                    _drained?.TrySetResult();
                }

                return null;
            }

            var letters = new List<TLetter>(Math.Min(mailbox.Count, options.LettersPerTurn));
            while (letters.Count < options.LettersPerTurn && mailbox.TryDequeue(out var letter))
            {
                letters.Add(letter);
            }

            _waiting -= letters.Count;
            return letters;
        }
    }
}

/// <summary>The bounds of mailboxes.</summary>
/// <param name="Capacity">Letters that may wait for one actor.</param>
/// <param name="CapacityOfAll">Letters that may wait in the member.</param>
/// <param name="LettersPerTurn">Letters an actor takes at once.</param>
public sealed record MailboxOptions(int Capacity = 256, int CapacityOfAll = 10_000, int LettersPerTurn = 64);

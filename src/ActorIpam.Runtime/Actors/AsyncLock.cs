namespace ActorIpam.Runtime.Actors;

/// <summary>A lock that is awaited. Waiters are served in their order.</summary>
/// <remarks>Not a SemaphoreSlim: its wait with a cancellation token comes back on the thread pool, outside the simulator's thread.</remarks>
internal sealed class AsyncLock
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiters = new();
    private bool _isHeld;

    public bool IsHeld
    {
        get
        {
            lock (_gate)
            {
                return _isHeld;
            }
        }
    }

    /// <summary>Waits for the lock.</summary>
    /// <exception cref="OperationCanceledException">The wait ended first; the lock is not held.</exception>
    public async Task TakeAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource> place;
        lock (_gate)
        {
            if (!_isHeld)
            {
                _isHeld = true;
                return;
            }

            place = _waiters.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        using var end = cancellation.Register(() => GiveUp(place, cancellation));
        await place.Value.Task;
    }

    /// <summary>Takes the lock if nobody has it, and waits for nothing.</summary>
    /// <returns>False when it is held.</returns>
    public bool TryTake()
    {
        lock (_gate)
        {
            if (_isHeld)
            {
                return false;
            }

            _isHeld = true;
            return true;
        }
    }

    /// <summary>Hands the lock to the next waiter, or frees it.</summary>
    public void Release()
    {
        TaskCompletionSource? next;
        lock (_gate)
        {
            next = _waiters.First?.Value;
            if (next is null)
            {
                _isHeld = false;
                return;
            }

            _waiters.RemoveFirst();
        }

        next.SetResult();
    }

    private void GiveUp(LinkedListNode<TaskCompletionSource> place, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (place.List is null)
            {
                // The lock was handed over just now: its new holder will release it.
                return;
            }

            _waiters.Remove(place);
        }

        place.Value.SetCanceled(cancellation);
    }
}

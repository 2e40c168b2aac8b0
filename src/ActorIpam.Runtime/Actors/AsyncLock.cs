using System.Diagnostics.CodeAnalysis;

namespace ActorIpam.Runtime.Actors;

/// <summary>A lock that is awaited. Waiters are served in their order.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing to dispose of: its wait handle is never asked for.")]
internal sealed class AsyncLock
{
    private readonly SemaphoreSlim _free = new(1, 1);

    public bool IsHeld => _free.CurrentCount == 0;

    public Task TakeAsync(CancellationToken cancellation) => _free.WaitAsync(cancellation);

    public void Release() => _free.Release();
}

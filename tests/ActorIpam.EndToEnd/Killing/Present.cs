namespace ActorIpam.EndToEnd.Killing;

/// <summary>The member that runs now. Clients of a killed one wait here for the next.</summary>
internal sealed class Present
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<Api> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Api> ApiAsync()
    {
        lock (_gate)
        {
            return _next.Task;
        }
    }

    /// <summary>From now on clients wait.</summary>
    public void Dies()
    {
        lock (_gate)
        {
            _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Serves(Api api)
    {
        lock (_gate)
        {
            _next.SetResult(api);
        }
    }
}

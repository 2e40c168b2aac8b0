namespace ActorIpam.EndToEnd.Killing;

/// <summary>Completes after a number of answers: a moment under load, without looking at a clock.</summary>
internal sealed class Countdown
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiting;
    private int _left;

    public Task From(int answers)
    {
        lock (_gate)
        {
            _left = answers;
            _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiting.Task;
        }
    }

    public void Tick()
    {
        lock (_gate)
        {
            if (--_left <= 0)
            {
                _waiting?.TrySetResult();
            }
        }
    }
}

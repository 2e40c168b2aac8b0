namespace ActorIpam.Simulation.Kernel;

/// <summary>Something a lane does at an instant to come, unless it is cancelled or the lane dies before.</summary>
internal sealed class Alarm(Lane lane, Action action)
{
    private bool _cancelled;

    public Lane Lane => lane;

    /// <summary>False when nobody waits for it any more: time need not stop there.</summary>
    public bool IsWanted => !_cancelled && lane.IsAlive;

    public void Cancel() => _cancelled = true;

    /// <summary>Rings. A timer that was disposed after it became due does not ring any more.</summary>
    public void Ring()
    {
        if (!_cancelled)
        {
            _cancelled = true;
            action();
        }
    }
}

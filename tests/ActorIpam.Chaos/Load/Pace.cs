namespace ActorIpam.Chaos.Load;

/// <summary>When a client asks next: once an interval, give or take a half, whatever the answers take; what is still waiting is asked before. Who is late hurries, but catches up a second at most.</summary>
internal sealed class Pace(TimeSpan interval, Random chance)
{
    private static readonly TimeSpan MostBehind = TimeSpan.FromSeconds(1);

    private DateTime _due = DateTime.UtcNow + (interval * chance.NextDouble());

    /// <summary>Returns when it is time to ask, or when nobody is to ask any more.</summary>
    public async Task NextAsync(CancellationToken stop)
    {
        var now = DateTime.UtcNow;
        _due = _due + (interval * (0.5 + chance.NextDouble())) is var due && due < now - MostBehind ? now - MostBehind : due;
        if (_due > now)
        {
            await Task.Delay(_due - now, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

using ActorIpam.Domain.Requests;

namespace ActorIpam.Simulation.Clients;

/// <summary>The container runtime of one host: knows which of its pods live, and has the rest collected as garbage from time to time.</summary>
internal sealed class ContainerRuntime(Caller caller, WorldPlan plan, string host)
{
    private const string Network = "net";

    private readonly SortedDictionary<string, int> _lives = new(StringComparer.Ordinal);

    public static string HandleOf(string pod) => $"{Network}/{pod}";

    /// <summary>The handle lives until the end of what is returned. It is said before anything is asked for it, as runtimes do.</summary>
    public IDisposable Begin(string handle)
    {
        _lives[handle] = _lives.GetValueOrDefault(handle) + 1;
        return new Life(this, handle);
    }

    public async Task WorkAsync()
    {
        for (var i = 0; i < plan.Collections; i++)
        {
            await caller.RestAsync(plan.Pace * 2);
            await caller.CollectAsync(new() { Host = host, Network = Network, Keep = [.. _lives.Keys], IssuedAt = caller.Now });
        }
    }

    private void End(string handle)
    {
        if (--_lives[handle] == 0)
        {
            _lives.Remove(handle);
        }
    }

    private sealed class Life(ContainerRuntime runtime, string handle) : IDisposable
    {
        private bool _over;

        public void Dispose()
        {
            if (!_over)
            {
                _over = true;
                runtime.End(handle);
            }
        }
    }
}

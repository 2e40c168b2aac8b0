using System.Collections.Concurrent;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Chaos.Load;

/// <summary>What all clients asked and were answered, and how long each waited. Instants are microseconds since 1970 of the one clock that all processes here share.</summary>
internal sealed class Chronicle
{
    private readonly ConcurrentQueue<Exchange> _exchanges = new();
    private readonly ConcurrentQueue<Wait> _waits = new();
    private long _attempts;
    private long _lastAnswer;

    public IReadOnlyCollection<Exchange> Exchanges => _exchanges;

    public IReadOnlyCollection<Wait> Waits => _waits;

    public long Attempts => Interlocked.Read(ref _attempts);

    /// <summary>When a client was last told something definite.</summary>
    public long LastAnswer => Interlocked.Read(ref _lastAnswer);

    public static long Now => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>One attempt at one member; without an answer its effect may still come at any time.</summary>
    public void Add(Exchange exchange)
    {
        Interlocked.Increment(ref _attempts);
        _exchanges.Enqueue(exchange);
    }

    /// <summary>A request got its definite answer after all its attempts.</summary>
    public void Waited(Wait wait)
    {
        Interlocked.Exchange(ref _lastAnswer, wait.Answered);
        _waits.Enqueue(wait);
    }
}

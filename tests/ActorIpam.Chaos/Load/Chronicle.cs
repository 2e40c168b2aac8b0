using System.Collections.Immutable;

namespace ActorIpam.Chaos.Load;

/// <summary>What all clients asked and were answered, and how long each waited.</summary>
internal sealed class Chronicle(int clients)
{
    private long _attempts;
    private long _requests;
    private long _lastAnswer;

    /// <summary>One for each client.</summary>
    public ImmutableArray<Ledger> Ledgers { get; } = [.. Enumerable.Range(0, clients).Select(client => new Ledger(client))];

    public long Attempts => Interlocked.Read(ref _attempts);

    /// <summary>Requests that have their definite answer.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>When a client was last told something definite.</summary>
    public long LastAnswer => Interlocked.Read(ref _lastAnswer);

    /// <summary>Microseconds since 1970.</summary>
    public static long Now => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public void Attempted() => Interlocked.Increment(ref _attempts);

    /// <summary>A request got its definite answer after all its attempts.</summary>
    public void Answered(long at)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Exchange(ref _lastAnswer, at);
    }
}

using System.Threading.RateLimiting;

namespace ActorIpam.Server.Security;

/// <summary>How many requests a second the member takes, of everybody and of each caller. Beyond that a request is refused with the time to wait: none is dropped, and none waits here.</summary>
/// <remarks>Judged behind the authentication: whoever is not known is answered 401 and takes nothing from those who are.</remarks>
internal sealed class RateLimits : IAsyncDisposable
{
    private readonly PartitionedRateLimiter<string>? _callers;
    private readonly TokenBucketRateLimiter? _member;

    /// <param name="perMember">Requests a second; 0 for no limit.</param>
    /// <param name="perCaller">Requests a second of each caller; 0 for no limit.</param>
    public RateLimits(int perMember, int perCaller)
    {
        _member = perMember > 0 ? new(Bucket(perMember)) : null;
        _callers = perCaller > 0 ? PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.GetTokenBucketLimiter(caller, _ => Bucket(perCaller))) : null;
    }

    /// <summary>Null when the request may go on; otherwise whose limit is reached and when to come again.</summary>
    public (string Whose, TimeSpan Wait)? Refusal(Caller caller)
    {
        // The caller's own limit first: what it refuses takes nothing from the others.
        if (_callers is not null)
        {
            using var lease = _callers.AttemptAcquire(caller.Name);
            if (!lease.IsAcquired)
            {
                return ($"{caller.Name} sends", WaitOf(lease));
            }
        }

        if (_member is not null)
        {
            using var lease = _member.AttemptAcquire();
            if (!lease.IsAcquired)
            {
                return ("All callers together send", WaitOf(lease));
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_callers is not null)
        {
            await _callers.DisposeAsync();
        }

        if (_member is not null)
        {
            await _member.DisposeAsync();
        }
    }

    /// <summary>A second's worth may come at once.</summary>
    private static TokenBucketRateLimiterOptions Bucket(int perSecond) => new()
    {
        TokenLimit = perSecond,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
        AutoReplenishment = true,
    };

    private static TimeSpan WaitOf(RateLimitLease lease) => lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);
}

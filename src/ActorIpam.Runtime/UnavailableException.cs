namespace ActorIpam.Runtime;

/// <summary>Nobody can answer now. The outcome of what was asked is unknown; asking again with the same request is safe.</summary>
/// <param name="reason">Why, in one sentence.</param>
/// <param name="retryAfter">How long the caller should wait before it asks again.</param>
/// <param name="cause">What was found.</param>
public sealed class UnavailableException(string reason, TimeSpan? retryAfter = null, Exception? cause = null) : Exception(reason, cause)
{
    public TimeSpan RetryAfter { get; } = retryAfter ?? TimeSpan.FromMilliseconds(200);

    /// <summary>The store has no space left: a fault for an operator, with an error of its own.</summary>
    public bool StorageIsFull { get; init; }
}

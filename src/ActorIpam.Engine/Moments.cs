namespace ActorIpam.Engine;

/// <summary>Times as every journal keeps them: to the microsecond. What is finer would differ between what is remembered and what is read again.</summary>
internal static class Moments
{
    public static DateTimeOffset Whole(this DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond)).ToUniversalTime();

    public static DateTimeOffset? Whole(this DateTimeOffset? time) => time?.Whole();

    /// <summary>The clock's reading for a decision.</summary>
    public static DateTimeOffset Reading(this TimeProvider time) => time.GetUtcNow().Whole();
}

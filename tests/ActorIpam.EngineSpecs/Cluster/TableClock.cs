namespace ActorIpam.EngineSpecs.Cluster;

/// <summary>A clock that is as far off as a test says; it ticks like any other.</summary>
internal sealed class TableClock : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
}

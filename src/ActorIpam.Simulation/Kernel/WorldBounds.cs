namespace ActorIpam.Simulation.Kernel;

/// <summary>How far a world may go before somebody has to look at it.</summary>
public sealed record WorldBounds
{
    /// <summary>At most so many callbacks.</summary>
    public long Steps { get; init; } = 1_500_000;

    /// <summary>At most so much virtual time.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>What one callback costs in virtual time: without it a loop that never waits would stop the clock.</summary>
    public TimeSpan Step { get; init; } = TimeSpan.FromMicroseconds(1);
}

/// <summary>A world that cannot go on: everybody waits for nobody, it goes in circles, or something left its thread.</summary>
public sealed class WorldStuckException(string message, Exception? inner = null) : Exception(message, inner);

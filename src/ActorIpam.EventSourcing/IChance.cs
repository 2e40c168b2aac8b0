namespace ActorIpam.EventSourcing;

/// <summary>Chance and identity as a port: the simulator deals them from its seed.</summary>
public interface IChance
{
    /// <summary>A new identity, never given before.</summary>
    Guid NewId();

    /// <summary>A number from 0 up to and excluding <paramref name="limit"/> (at least 1).</summary>
    int Next(int limit);
}

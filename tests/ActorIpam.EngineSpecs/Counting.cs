using ActorIpam.EventSourcing;

namespace ActorIpam.EngineSpecs;

/// <summary>Identities by counting.</summary>
internal sealed class Counting : IChance
{
    private int _count;

    public Guid NewId() => new(++_count, 0, 0, new byte[8]);

    public int Next(int limit) => ++_count % limit;
}

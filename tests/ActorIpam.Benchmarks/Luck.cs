using ActorIpam.EventSourcing;

namespace ActorIpam.Benchmarks;

/// <summary>Chance as a member of production has it.</summary>
internal sealed class Luck : IChance
{
    public Guid NewId() => Guid.NewGuid();

    public int Next(int limit) => Random.Shared.Next(limit);
}

using ActorIpam.EventSourcing;

namespace ActorIpam.Conformance.Playing;

/// <summary>Chance from a seed: a case plays the same way each time.</summary>
internal sealed class SeededChance(int seed) : IChance
{
    private readonly Random _random = new(seed);

    public Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new(bytes);
    }

    public int Next(int limit) => _random.Next(limit);
}

namespace ActorIpam.Fuzzing;

/// <summary>Chance from a seed: the same inputs on every machine.</summary>
internal sealed class Chance(int seed)
{
#pragma warning disable CA5394 // Chance here must repeat, not surprise.
    private readonly Random _random = new(seed);

    /// <summary>A number from 0 up to and excluding the limit.</summary>
    public int Below(int limit) => _random.Next(limit);

    public bool Percent(int chance) => _random.Next(100) < chance;

    public UInt128 Number(int bits)
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new UInt128(BitConverter.ToUInt64(bytes), BitConverter.ToUInt64(bytes[8..])) >> (128 - bits);
    }
#pragma warning restore CA5394

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    /// <summary>So many things, up to a number.</summary>
    public IEnumerable<T> Some<T>(int most, Func<T> make) => Enumerable.Range(0, Below(most + 1)).Select(_ => make()).ToList();
}

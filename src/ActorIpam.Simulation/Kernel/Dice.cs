using System.Buffers.Binary;
using ActorIpam.EventSourcing;

namespace ActorIpam.Simulation.Kernel;

/// <summary>Chance from a seed: the same numbers on every machine and every version of the platform (xoshiro256**).</summary>
/// <remarks>Each part of a world rolls dice of its own (<see cref="Fork"/>), so that one more roll in one place does not change what happens everywhere.</remarks>
public sealed class Dice : IChance
{
    private readonly ulong _seed;
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    public Dice(ulong seed)
    {
        _seed = seed;
        var state = seed;
        _a = Scatter(ref state);
        _b = Scatter(ref state);
        _c = Scatter(ref state);
        _d = Scatter(ref state);
    }

    /// <summary>Dice that depend on the seed and the name only, never on what was rolled before.</summary>
    public Dice Fork(string name)
    {
        var hash = new TraceHash();
        hash.Mix(unchecked((long)_seed));
        hash.Mix(name);
        return new(hash.Value);
    }

    public Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Roll());
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Roll());
        return new(bytes);
    }

    public int Next(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return (int)(((Roll() >> 32) * (ulong)limit) >> 32);
    }

    /// <summary>A number from the first to the last, both included.</summary>
    public int Between(int first, int last) => first + Next(last - first + 1);

    /// <summary>True so many times in a thousand.</summary>
    public bool Happens(int perMille) => perMille > 0 && Next(1000) < perMille;

    public T OneOf<T>(IReadOnlyList<T> choices) => choices[Next(choices.Count)];

    /// <summary>A duration from the first to the last, in steps of a microsecond.</summary>
    public TimeSpan Between(TimeSpan first, TimeSpan last)
    {
        var microseconds = (long)(last - first).TotalMicroseconds;
        return first + TimeSpan.FromMicroseconds((long)(Roll() % (ulong)(microseconds + 1)));
    }

    private ulong Roll()
    {
        unchecked
        {
            var result = ulong.RotateLeft(_b * 5, 7) * 9;
            var shifted = _b << 17;
            _c ^= _a;
            _d ^= _b;
            _b ^= _c;
            _a ^= _d;
            _c ^= shifted;
            _d = ulong.RotateLeft(_d, 45);
            return result;
        }
    }

    private static ulong Scatter(ref ulong state)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var mixed = state;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }
}

using System.Collections.Immutable;
using System.Numerics;

namespace ActorIpam.Domain.Blocks;

/// <summary>The free addresses of a block in the order they will be assigned (INV-11, semantics.md §7.3).</summary>
/// <remarks>
/// A new block's queue is ascending and what comes back joins the tail, so the queue is always: the ordinals never used, ascending, then those
/// that came back, in the order they did. The first part is a bitmap.
/// </remarks>
public sealed class FreeQueue
{
    private readonly ImmutableArray<ulong> _unused;
    private readonly ImmutableArray<ushort> _returned;

    private FreeQueue(ImmutableArray<ulong> unused, ImmutableArray<ushort> returned, int count)
    {
        _unused = unused;
        _returned = returned;
        Count = count;
    }

    public int Count { get; }

    /// <summary>The queue of a new block: all ordinals but those the host keeps at both ends.</summary>
    public static FreeQueue New(int size, int keptAtStart, int keptAtEnd)
    {
        var words = new ulong[(size + 63) / 64];
        for (var ordinal = keptAtStart; ordinal < size - keptAtEnd; ordinal++)
        {
            words[ordinal / 64] |= 1UL << (ordinal % 64);
        }

        return new(ImmutableArray.Create(words), [], Math.Max(0, size - keptAtStart - keptAtEnd));
    }

    /// <summary>A queue as it was: the ordinals never used, and those that came back, in their order.</summary>
    public static FreeQueue Of(int size, IEnumerable<int> unused, IEnumerable<int> returned)
    {
        var empty = New(size, size, 0);
        var words = empty._unused.ToBuilder();
        var count = 0;
        foreach (var ordinal in unused)
        {
            words[ordinal / 64] |= 1UL << (ordinal % 64);
            count++;
        }

        return new FreeQueue(words.ToImmutable(), [], count).With([.. returned]);
    }

    /// <summary>The ordinals never used, ascending.</summary>
    public IEnumerable<int> Unused()
    {
        for (var word = 0; word < _unused.Length; word++)
        {
            for (var bits = _unused[word]; bits != 0; bits &= bits - 1)
            {
                yield return (word * 64) + BitOperations.TrailingZeroCount(bits);
            }
        }
    }

    /// <summary>The ordinals that came back, in the order they did.</summary>
    public IEnumerable<int> Returned() => _returned.Select(static ordinal => (int)ordinal);

    /// <summary>The free ordinals, head first.</summary>
    public IEnumerable<int> InOrder() => Unused().Concat(Returned());

    public bool Contains(int ordinal) => IsUnused(ordinal) || _returned.Contains((ushort)ordinal);

    /// <summary>The queue without an ordinal, wherever it stands in it.</summary>
    public FreeQueue Without(int ordinal) => IsUnused(ordinal)
        ? new(_unused.SetItem(ordinal / 64, _unused[ordinal / 64] & ~(1UL << (ordinal % 64))), _returned, Count - 1)
        : new(_unused, _returned.Remove((ushort)ordinal), Count - 1);

    /// <summary>The queue with ordinals added at its tail, in the order given.</summary>
    public FreeQueue With(ImmutableArray<int> ordinals) =>
        new(_unused, _returned.AddRange(ordinals.Select(static ordinal => (ushort)ordinal)), Count + ordinals.Length);

    private bool IsUnused(int ordinal) => (_unused[ordinal / 64] & (1UL << (ordinal % 64))) != 0;
}

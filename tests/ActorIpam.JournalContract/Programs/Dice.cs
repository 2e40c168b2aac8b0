using System.Collections.Immutable;
using ActorIpam.EventSourcing;

namespace ActorIpam.JournalContract.Programs;

/// <summary>Chance from a seed.</summary>
internal sealed class Dice(int seed)
{
#pragma warning disable CA5394 // Chance here must repeat, not surprise.
    private readonly Random _random = new(seed);

    public int Below(int limit) => _random.Next(limit);

    public bool Percent(int chance) => _random.Next(100) < chance;

    public CommitId Commit()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new(new(bytes));
    }
#pragma warning restore CA5394

    public T Of<T>(ImmutableArray<T> choices) => choices[Below(choices.Length)];

    /// <summary>Up to so many different ones, in random order.</summary>
    public ImmutableArray<T> Some<T>(ImmutableArray<T> choices, int most)
    {
        var left = choices.ToList();
        var some = ImmutableArray.CreateBuilder<T>();
        for (var count = Below(most + 1); count > 0 && left.Count > 0; count--)
        {
            var index = Below(left.Count);
            some.Add(left[index]);
            left.RemoveAt(index);
        }

        return some.ToImmutable();
    }
}

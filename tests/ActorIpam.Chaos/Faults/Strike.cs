using System.Collections.Immutable;
using ActorIpam.Chaos.Judging;
using ActorIpam.Chaos.Load;

namespace ActorIpam.Chaos.Faults;

/// <param name="Fault">What went wrong.</param>
/// <param name="Began">Microseconds of the common clock.</param>
/// <param name="Ended">When it was put right.</param>
internal sealed record Strike(Fault Fault, long Began, long Ended)
{
    /// <summary>When it and what it left are over.</summary>
    public long Over => Ended + Promises.After;
}

/// <summary>When what was broken, each from its beginning until just after its end.</summary>
/// <param name="lines">Strikes that come one after the other; what belongs to another line may come at the same time.</param>
internal sealed class Timeline(IEnumerable<IEnumerable<Strike>> lines)
{
    private static readonly Comparer<Strike> ByEnd = Comparer<Strike>.Create((one, other) => one.Over.CompareTo(other.Over));

    private readonly ImmutableArray<ImmutableArray<Strike>> _lines = [.. lines.Select(line => line.OrderBy(strike => strike.Began).ToImmutableArray())];

    /// <summary>All strikes, in the order in which they began.</summary>
    public IEnumerable<Strike> All => _lines.SelectMany(line => line).OrderBy(strike => strike.Began);

    /// <summary>Those during which a request waited, in the order in which they began.</summary>
    public IReadOnlyList<Strike> Met(Wait wait)
    {
        var met = new List<Strike>();
        foreach (var line in _lines)
        {
            var found = line.BinarySearch(new Strike(null!, 0, wait.Asked - Promises.After), ByEnd);
            for (var i = found < 0 ? ~found : found + 1; i < line.Length && line[i].Began < wait.Answered; i++)
            {
                met.Add(line[i]);
            }
        }

        met.Sort((one, other) => one.Began.CompareTo(other.Began));
        return met;
    }
}

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

/// <summary>Strikes one after the other, each from its beginning until just after its end.</summary>
internal sealed class Timeline(IEnumerable<Strike> strikes)
{
    private static readonly Comparer<Strike> ByEnd = Comparer<Strike>.Create((one, other) => one.Over.CompareTo(other.Over));

    private readonly ImmutableArray<Strike> _strikes = [.. strikes.OrderBy(strike => strike.Began)];

    /// <summary>Those during which a request waited.</summary>
    public ReadOnlySpan<Strike> Met(Wait wait)
    {
        var found = _strikes.BinarySearch(new Strike(null!, 0, wait.Asked - Promises.After), ByEnd);
        var first = found < 0 ? ~found : found + 1;
        var behind = first;
        while (behind < _strikes.Length && _strikes[behind].Began < wait.Answered)
        {
            behind++;
        }

        return _strikes.AsSpan(first..behind);
    }
}

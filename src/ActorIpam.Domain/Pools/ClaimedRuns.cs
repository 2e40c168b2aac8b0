using System.Collections.Immutable;

namespace ActorIpam.Domain.Pools;

/// <summary>Which block numbers of a pool are taken, as maximal runs: finding a gap costs the logarithm of the number of runs.</summary>
public sealed class ClaimedRuns
{
    private readonly ImmutableSortedSet<Run> _runs;

    private ClaimedRuns(ImmutableSortedSet<Run> runs) => _runs = runs;

    public static ClaimedRuns None { get; } = new(ImmutableSortedSet.Create<Run>(new ByFirst()));

    /// <summary>The last number of the run that holds this one, or null when it is not taken.</summary>
    public UInt128? RunEnd(UInt128 index) => Floor(index) is { } run && run.Last >= index ? run.Last : null;

    public ClaimedRuns With(UInt128 index)
    {
        var (first, last) = (index, index);
        var runs = _runs;
        if (Floor(index) is { } before && index > 0 && before.Last == index - 1)
        {
            runs = runs.Remove(before);
            first = before.First;
        }

        if (index < UInt128.MaxValue && Floor(index + 1) is { } after && after.First == index + 1)
        {
            runs = runs.Remove(after);
            last = after.Last;
        }

        return new(runs.Add(new(first, last)));
    }

    public ClaimedRuns Without(UInt128 index)
    {
        if (Floor(index) is not { } run || run.Last < index)
        {
            return this;
        }

        var runs = _runs.Remove(run);
        runs = run.First < index ? runs.Add(new(run.First, index - 1)) : runs;
        runs = index < run.Last ? runs.Add(new(index + 1, run.Last)) : runs;
        return new(runs);
    }

    /// <summary>The run with the greatest first number that is not above this one.</summary>
    private Run? Floor(UInt128 index)
    {
        var at = _runs.IndexOf(new(index, index));
        at = at >= 0 ? at : ~at - 1;
        return at < 0 ? null : _runs[at];
    }

    private readonly record struct Run(UInt128 First, UInt128 Last);

    private sealed class ByFirst : IComparer<Run>
    {
        public int Compare(Run x, Run y) => x.First.CompareTo(y.First);
    }
}

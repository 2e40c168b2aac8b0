using ActorIpam.Chaos.Faults;
using ActorIpam.Chaos.Load;

namespace ActorIpam.Chaos.Judging;

/// <summary>What clients may expect while something is broken: how long they wait for a definite answer, and whether anybody may leave them without one.</summary>
internal static class Promises
{
    /// <summary>How long after a fault a wait still belongs to it, in microseconds.</summary>
    public const long After = 2_000_000;

    /// <summary>When nothing is broken.</summary>
    private static readonly TimeSpan LongestOtherwise = TimeSpan.FromSeconds(2);

    /// <summary>Waits that were longer, without what fell into faults that promise nothing, and attempts that told less, than every fault they met allows.</summary>
    public static IEnumerable<string> Broken(IEnumerable<Wait> waits, Timeline timeline)
    {
        foreach (var wait in waits.Where(wait => wait.Length > LongestOtherwise || !wait.InVain.IsEmpty))
        {
            var met = timeline.Met(wait);
            var names = met.Count == 0 ? "no fault" : string.Join(", ", met.Select(strike => strike.Fault.Name));
            if (wait.Length - Excused(wait, met) > met.Select(strike => strike.Fault.LongestWait ?? LongestOtherwise).Append(LongestOtherwise).Max())
            {
                yield return $"too long under {names}: {wait}";
            }
            else if (met.All(strike => strike.Fault.AnswersAll) && !wait.IsRefused && !wait.InVain.IsEmpty)
            {
                // After silence of an owner a "no" is not definite at once (docs/decisions/0010): who is refused in the end may have been told to ask again.
                yield return $"left without an answer under {names}: {wait}";
            }
        }
    }

    /// <summary>How much of a wait fell into faults that promise nothing: while they last, and just after.</summary>
    private static TimeSpan Excused(Wait wait, IEnumerable<Strike> met)
    {
        var (length, end) = (0L, wait.Asked);
        foreach (var strike in met.Where(strike => strike.Fault.LongestWait is null))
        {
            var (from, until) = (Math.Max(strike.Began, end), Math.Min(strike.Over, wait.Answered));
            (length, end) = (length + Math.Max(0, until - from), Math.Max(end, until));
        }

        return TimeSpan.FromMicroseconds(length);
    }
}

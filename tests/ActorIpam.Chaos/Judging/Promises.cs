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

    /// <summary>Waits that were longer, and attempts that told less, than every fault they met allows.</summary>
    public static IEnumerable<string> Broken(IEnumerable<Wait> waits, Timeline timeline)
    {
        foreach (var wait in waits.Where(wait => wait.Length > LongestOtherwise || !wait.InVain.IsEmpty))
        {
            var met = timeline.Met(wait).ToArray();
            var names = met.Length == 0 ? "no fault" : string.Join(", ", met.Select(strike => strike.Fault.Name));
            if (met.All(strike => strike.Fault.LongestWait is not null) && wait.Length > met.Select(strike => strike.Fault.LongestWait!.Value).Append(LongestOtherwise).Max())
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
}

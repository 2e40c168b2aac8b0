using ActorIpam.Simulation.Clients;

namespace ActorIpam.Simulation.Shrinking;

/// <summary>Makes a world that breaks a law smaller, change by change, as long as it still breaks the same law.</summary>
public static class Shrinker
{
    /// <summary>Worlds that are played at the most.</summary>
    public const int MostWorlds = 300;

    /// <param name="failing">What was found.</param>
    /// <param name="play">Plays the seed in another world.</param>
    /// <param name="tried">Hears after each world how many were played, and the smallest found so far.</param>
    /// <param name="stop">Ends the search; the smallest so far is the result.</param>
    public static Smaller Shrink(Verdict failing, Func<ulong, WorldPlan, Verdict> play, Action<int, Smaller>? tried = null, CancellationToken stop = default)
    {
        var smallest = new Smaller(failing, "", 0);
        var refused = new HashSet<string>(StringComparer.Ordinal);
        for (var found = true; found;)
        {
            found = false;
            foreach (var change in WorldChange.Of(smallest.Verdict.Plan).Where(change => !refused.Contains(change)).ToList())
            {
                var plan = WorldChange.Apply(smallest.Verdict.Plan, change);
                if (stop.IsCancellationRequested || smallest.Worlds >= MostWorlds)
                {
                    return smallest;
                }

                if (plan.ToString() == smallest.Verdict.Plan.ToString())
                {
                    continue;
                }

                var verdict = play(failing.Seed, plan);
                var isSame = verdict.Law == failing.Law;
                smallest = isSame ? new(verdict, smallest.Changes.Length == 0 ? change : $"{smallest.Changes},{change}", smallest.Worlds + 1) : smallest with { Worlds = smallest.Worlds + 1 };
                found |= isSame;
                if (!isSame)
                {
                    refused.Add(change);
                }

                tried?.Invoke(smallest.Worlds, smallest);
            }
        }

        return smallest;
    }
}

/// <summary>The smallest world found that breaks the law.</summary>
/// <param name="Verdict">What happens in it.</param>
/// <param name="Changes">How it differs from the world of its seed (<see cref="WorldChange.Apply"/>); empty when nothing could be left out.</param>
/// <param name="Worlds">How many were played to find it.</param>
public sealed record Smaller(Verdict Verdict, string Changes, int Worlds);

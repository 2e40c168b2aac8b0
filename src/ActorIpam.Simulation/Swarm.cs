namespace ActorIpam.Simulation;

/// <summary>Plays many worlds, several at once. A world stays on the thread that began it, so worlds beside each other change nothing in any of them.</summary>
public static class Swarm
{
    /// <summary>Plays worlds, begun one after the other, and tells of each when it is over.</summary>
    /// <param name="worlds">Which worlds: seeds, or whatever <paramref name="play"/> makes one of.</param>
    /// <param name="jobs">How many worlds at once; at least 1.</param>
    /// <param name="play">Plays one, on the thread it is called on.</param>
    /// <param name="over">Hears of each verdict, one at a time, in the order in which worlds end. False begins no further world.</param>
    public static void Play<TWorld>(IEnumerable<TWorld> worlds, int jobs, Func<TWorld, Verdict> play, Func<TWorld, Verdict, bool> over)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(jobs, 1);
        using var queue = worlds.GetEnumerator();
        var gate = new Lock();
        var open = true;
        Parallel.For(0, jobs, new() { MaxDegreeOfParallelism = jobs }, _ =>
        {
            while (true)
            {
                TWorld world;
                lock (gate)
                {
                    if (!open || !queue.MoveNext())
                    {
                        return;
                    }

                    world = queue.Current;
                }

                var verdict = play(world);
                lock (gate)
                {
                    open &= over(world, verdict);
                }
            }
        });
    }

    /// <summary>The verdict of the first of these seeds that is wanted; null when none is.</summary>
    public static Verdict? First(IEnumerable<ulong> seeds, int jobs, Func<ulong, Verdict> play, Predicate<Verdict> wanted)
    {
        Verdict? first = null;

        // Worlds that were begun before the first find have lower seeds: they are all heard, and the lowest counts.
        Play(seeds, jobs, play, (_, verdict) =>
        {
            first = wanted(verdict) && (first is null || verdict.Seed < first.Seed) ? verdict : first;
            return first is null;
        });
        return first;
    }

    /// <summary>Seeds from the first on.</summary>
    public static IEnumerable<ulong> Range(ulong first, ulong count)
    {
        for (var seed = first; seed < first + count; seed++)
        {
            yield return seed;
        }
    }
}

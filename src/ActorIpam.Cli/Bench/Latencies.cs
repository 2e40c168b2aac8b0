using System.Numerics;

namespace ActorIpam.Cli.Bench;

/// <summary>How long answers took: counts in buckets that are at most 1.6 % wide. One thread at a time.</summary>
internal sealed class Latencies
{
    private const int Steps = 64;

    private readonly long[] _counts = new long[Steps * 40];

    public long Count { get; private set; }

    public TimeSpan Longest { get; private set; }

    public void Add(TimeSpan took)
    {
        _counts[BucketOf((ulong)(took.Ticks / TimeSpan.TicksPerMicrosecond))]++;
        Count++;
        Longest = took > Longest ? took : Longest;
    }

    public void Add(Latencies others)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += others._counts[i];
        }

        Count += others.Count;
        Longest = others.Longest > Longest ? others.Longest : Longest;
    }

    /// <summary>The time within which this share of the answers came; zero when there was none.</summary>
    /// <param name="share">0 to 1.</param>
    public TimeSpan Within(double share)
    {
        var rest = (long)Math.Ceiling(Count * share);
        for (var i = 0; i < _counts.Length && rest > 0; i++)
        {
            rest -= _counts[i];
            if (rest <= 0)
            {
                var end = TimeSpan.FromMicroseconds(EndOf(i));
                return end < Longest ? end : Longest;
            }
        }

        return TimeSpan.Zero;
    }

    /// <summary>One bucket a microsecond at first, then 64 for each doubling.</summary>
    private static int BucketOf(ulong microseconds)
    {
        if (microseconds < Steps)
        {
            return (int)microseconds;
        }

        var doublings = BitOperations.Log2(microseconds) - BitOperations.Log2(Steps);
        return Math.Min((Steps * 40) - 1, (Steps * doublings) + (int)(microseconds >> doublings));
    }

    private static double EndOf(int bucket) => bucket < 2 * Steps ? bucket + 1 : (double)(1UL << ((bucket / Steps) - 1)) * ((bucket % Steps) + Steps + 1);
}

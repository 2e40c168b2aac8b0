using System.Collections.Immutable;
using System.Globalization;

namespace ActorIpam.Simulation.Tests;

/// <summary>
/// Seeds that once found a fault of ours. What a seed plays changes with the generator; so where the fault is planted (docs/how-we-know.md),
/// its line names it, and its seed is replaced by the first that finds it anew.
/// </summary>
internal static class RegressionList
{
    private static readonly string Source = Path.Combine(Seeds.Root, "tests", "ActorIpam.Simulation.Tests", "regression-seeds.txt");

    public static ImmutableArray<Entry> Entries { get; } = [.. File.ReadLines(Source).Where(IsEntry).Select(Entry.Of)];

    public static void Write(ImmutableDictionary<string, ulong> firstSeeds) => File.WriteAllLines(Source, File.ReadAllLines(Source).Select(line =>
        IsEntry(line) && Entry.Of(line) is var entry ? (entry with { Seed = firstSeeds.GetValueOrDefault(entry.Bug, entry.Seed) }).ToString() : line));

    private static bool IsEntry(string line) => line.Length > 0 && line[0] != '#';

    /// <param name="Seed">Played by every run.</param>
    /// <param name="Bug">The planted bug that this seed finds, or <c>-</c>.</param>
    /// <param name="Why">Why it is kept.</param>
    internal sealed record Entry(ulong Seed, string Bug, string Why)
    {
        public static Entry Of(string line) => line.Split(' ', 3) is [var seed, var bug, var why]
            ? new(ulong.Parse(seed, CultureInfo.InvariantCulture), bug, why)
            : throw new FormatException($"A line of regression-seeds.txt is a seed, a planted bug or -, and why: {line}");

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seed} {Bug} {Why}");
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorIpam.Simulation.Tests;

/// <summary>The planted bugs as docs/how-we-know.md lists them: each with the law it breaks, the first seed that finds it and the budget.</summary>
internal static partial class PlantedBugTable
{
    private static readonly string File = Path.Combine(Seeds.Root, "docs", "how-we-know.md");

    public static ImmutableArray<Row> Rows { get; } = [.. System.IO.File.ReadLines(File).Select(line => Line().Match(line)).Where(match => match.Success).Select(Row.Of)];

    /// <summary>The bugs that the sources plant, by name.</summary>
    public static ImmutableSortedSet<string> Planted { get; } =
    [
        .. from file in Directory.EnumerateFiles(Path.Combine(Seeds.Root, "src"), "*.cs", SearchOption.AllDirectories)
           from Match match in InCode().Matches(System.IO.File.ReadAllText(file))
           select match.Groups["bug"].Value,
    ];

    /// <summary>Writes laws and first seeds into the document; what is not given stays.</summary>
    public static void Write(IReadOnlyDictionary<string, Row> found) => System.IO.File.WriteAllLines(File, System.IO.File.ReadAllLines(File).Select(line =>
        Line().Match(line) is { Success: true } match && found.TryGetValue(match.Groups["bug"].Value, out var row)
            ? string.Create(CultureInfo.InvariantCulture, $"{match.Groups["head"].Value} | {row.Law} | {row.Seed} | {row.Budget} |")
            : line));

    [GeneratedRegex(@"^(?<head>\| `(?<bug>[a-z0-9-]+)` \| .*) \| (?<law>INV-\d+|\?) \| (?<seed>\d+|\?) \| (?<budget>\d+) \|$")]
    private static partial Regex Line();

    [GeneratedRegex("""Planted\.Is\("(?<bug>[a-z0-9-]+)"\)""")]
    private static partial Regex InCode();

    /// <param name="Bug">Its name.</param>
    /// <param name="Law">The law that the first seed shows broken.</param>
    /// <param name="Seed">The first seed, counted from 1, that finds it; 0 while nobody has searched.</param>
    /// <param name="Budget">So many seeds may be needed at the most after the generator changed.</param>
    internal sealed record Row(string Bug, string Law, ulong Seed, ulong Budget)
    {
        public bool IsOfThePort => PortFaults.All.ContainsKey(Bug);

        public static Row Of(Match match) => new(
            match.Groups["bug"].Value, match.Groups["law"].Value,
            ulong.TryParse(match.Groups["seed"].Value, CultureInfo.InvariantCulture, out var seed) ? seed : 0,
            ulong.Parse(match.Groups["budget"].Value, CultureInfo.InvariantCulture));
    }
}

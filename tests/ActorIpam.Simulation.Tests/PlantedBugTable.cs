using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorIpam.Simulation.Tests;

/// <summary>The planted bugs as docs/how-we-know.md lists them: each with the law it breaks, the first seed that finds it and the budget.</summary>
internal static partial class PlantedBugTable
{
    public static ImmutableArray<Row> Rows { get; } = [.. File.ReadLines(Path.Combine(Root(), "docs", "how-we-know.md")).Select(line => Line().Match(line)).Where(match => match.Success).Select(Row.Of)];

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ActorIpam.sln")))
        {
            folder = folder.Parent ?? throw new FileNotFoundException("No folder above the tests holds ActorIpam.sln.");
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"^\| `(?<bug>[a-z-]+)` \| .* \| (?<law>INV-\d+) \| (?<seed>\d+) \| (?<budget>\d+) \|$")]
    private static partial Regex Line();

    /// <param name="Bug">Its name.</param>
    /// <param name="Law">The law that the first seed shows broken.</param>
    /// <param name="Seed">The first seed, counted from 1, that finds it.</param>
    /// <param name="Budget">So many seeds may be needed at the most after the generator changed.</param>
    internal sealed record Row(string Bug, string Law, ulong Seed, ulong Budget)
    {
        public bool IsOfThePort => PortFaults.All.ContainsKey(Bug);

        public static Row Of(Match match) => new(
            match.Groups["bug"].Value, match.Groups["law"].Value,
            ulong.Parse(match.Groups["seed"].Value, CultureInfo.InvariantCulture), ulong.Parse(match.Groups["budget"].Value, CultureInfo.InvariantCulture));
    }
}

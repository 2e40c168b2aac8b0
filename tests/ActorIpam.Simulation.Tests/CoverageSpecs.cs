using System.Globalization;
using ActorIpam.Simulation.Faults;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>Each flow, each named point of the code and each read is met under each kind of fault, by seeds that a list names.</summary>
/// <remarks>tests/update-seeds.sh searches the list anew after a change of the generator.</remarks>
public sealed class CoverageSpecs(ITestOutputHelper output)
{
    private const ulong Budget = 6000;

    private static readonly string List = Path.Combine(Seeds.Root, "tests", "ActorIpam.Simulation.Tests", "coverage-seeds.txt");

    [Fact]
    public void Each_flow_point_and_read_is_met_under_each_kind_of_fault()
    {
        if (Seeds.AreSearchedAnew)
        {
            SearchAnew();
        }

        var listed = File.ReadLines(List).Where(line => line.Length > 0 && line[0] != '#').Select(Line.Of).ToList();
        listed.Select(line => (line.Point, line.Fault)).ShouldBe(FaultCoverage.Wanted, ignoreOrder: true);
        var (all, wrong) = (new FaultReport(), new List<string>());
        Swarm.Play(listed.Select(line => line.Seed).Distinct().Order(), Seeds.Jobs, seed => Run.Of(seed), (_, verdict) =>
        {
            all.Add(verdict.Faults);
            wrong.AddRange(verdict.IsLawful ? [] : [verdict.Tell()]);
            wrong.AddRange(listed.Where(line => line.Seed == verdict.Seed && verdict.Faults.Hits(line.Point, line.Fault) == 0).Select(line => $"{line} does not meet its fault any more"));
            return true;
        });
        output.WriteLine(all.ToString());
        wrong.ShouldBeEmpty("Run tests/update-seeds.sh when the generator has changed.");
    }

    private void SearchAnew()
    {
        var open = FaultCoverage.Wanted.ToHashSet();
        var first = new SortedDictionary<(string Point, Fault Fault), ulong>();
        Swarm.Play(Swarm.Range(1, Budget), Seeds.Jobs, seed => Run.Of(seed), (_, verdict) =>
        {
            foreach (var pair in FaultCoverage.Wanted.Where(pair => verdict.Faults.Hits(pair.Point, pair.Fault) > 0))
            {
                open.Remove(pair);
                first[pair] = Math.Min(verdict.Seed, first.GetValueOrDefault(pair, verdict.Seed));
            }

            return open.Count > 0;
        });
        open.Select(pair => $"{pair.Fault} at {pair.Point}").Order().ShouldBeEmpty($"No seed up to {Budget} meets these.");
        output.WriteLine($"All faults are met by the seeds up to {first.Values.Max()}.");
        string[] head = ["# The first seed that meets a fault at a point: written by tests/update-seeds.sh, played by every run."];
        File.WriteAllLines(List, head.Concat(first.Select(met => new Line(met.Value, met.Key.Fault, met.Key.Point).ToString())));
    }

    private sealed record Line(ulong Seed, Fault Fault, string Point)
    {
        public static Line Of(string text) => text.Split(' ', 3) is [var seed, var fault, var point]
            ? new(ulong.Parse(seed, CultureInfo.InvariantCulture), Enum.Parse<Fault>(fault), point)
            : throw new FormatException($"A line of coverage-seeds.txt is a seed, a fault and a point: {text}");

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seed} {Fault} {Point}");
    }
}

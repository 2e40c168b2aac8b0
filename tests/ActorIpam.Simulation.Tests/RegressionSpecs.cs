using System.Globalization;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>Seeds that once found something, or that reach what few seeds reach. Each is played for ever; the list says why.</summary>
public sealed class RegressionSpecs
{
    public static TheoryData<string> Seeds =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "regression-seeds.txt")).Where(line => line.Length > 0 && line[0] != '#')];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_seed_that_found_something_stays_lawful(string line)
    {
        var seed = ulong.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture);
        var verdict = Run.Of(seed);
        verdict.IsLawful.ShouldBeTrue($"{line}\n{verdict.Tell()}");
    }
}

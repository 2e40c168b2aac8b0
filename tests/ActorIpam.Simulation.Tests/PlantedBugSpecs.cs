using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>Small faults that the simulator must find. One that survives is a hole in the generator or in a law.</summary>
/// <remarks>The seed of the table is played first; after a change of the generator the search begins anew, and the table is to be corrected. SIM_LONG searches always.</remarks>
public sealed class PlantedBugSpecs(ITestOutputHelper output)
{
    public static TheoryData<string> OfThePort => [.. PlantedBugTable.Rows.Where(row => row.IsOfThePort).Select(row => row.Bug)];

    private static bool IsLong => Environment.GetEnvironmentVariable("SIM_LONG") is { Length: > 0 };

    [Fact]
    public void Every_fault_of_the_port_has_its_row() =>
        PlantedBugTable.Rows.Where(row => row.IsOfThePort).Select(row => row.Bug).ShouldBe(PortFaults.All.Keys, ignoreOrder: true);

    [Fact]
    public void No_bug_has_two_rows_and_none_may_take_more_than_two_thousand_seeds()
    {
        PlantedBugTable.Rows.Select(row => row.Bug).ShouldBeUnique();
        PlantedBugTable.Rows.ShouldAllBe(row => row.Seed <= row.Budget && row.Budget <= 2000);
        PlantedBugTable.Rows.Length.ShouldBeGreaterThanOrEqualTo(24);
    }

    [Theory]
    [MemberData(nameof(OfThePort))]
    public void A_fault_planted_in_the_port_is_found(string bug) => Find(bug, PortFaults.All[bug]);

#if PLANTED_BUGS
    public static TheoryData<string> OfTheCore => [.. PlantedBugTable.Rows.Where(row => !row.IsOfThePort).Select(row => row.Bug)];

    [Theory]
    [MemberData(nameof(OfTheCore))]
    public void A_fault_planted_in_the_core_is_found(string bug)
    {
        Planted.Set(bug);
        try
        {
            Find(bug, journal => journal);
        }
        finally
        {
            Planted.Set(null);
        }
    }
#endif

    private void Find(string bug, Func<IJournal, IJournal> around)
    {
        var row = PlantedBugTable.Rows.Single(row => row.Bug == bug);
        if (!IsLong && Run.Of(row.Seed, () => around) is { IsLawful: false } known)
        {
            output.WriteLine($"{bug}: seed {row.Seed}: {known.Summary}");
            known.Summary.ShouldContain(row.Law);
            return;
        }

        var first = Seeds.Many(1, row.Budget).Select(seed => Run.Of(seed, () => around)).FirstOrDefault(verdict => !verdict.IsLawful);
        first.ShouldNotBeNull($"'{bug}' survived {row.Budget} seeds.");
        first.Seed.ShouldBe(row.Seed, $"docs/how-we-know.md names another first seed; this one says: {first.Summary}");
    }
}

using System.Collections.Immutable;
using System.Diagnostics;
using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>Small faults that the simulator must find. One that survives is a hole in the generator or in a law.</summary>
/// <remarks>
/// The seed of the table is played. After a change of the generator, or of anything that a member awaits, other seeds are the first:
/// tests/update-seeds.sh searches them anew and writes them down, and fails when a bug is not found within its budget.
/// </remarks>
public sealed class PlantedBugSpecs(ITestOutputHelper output)
{
#if PLANTED_BUGS
    private static IEnumerable<PlantedBugTable.Row> Rows => PlantedBugTable.Rows;
#else
    private static IEnumerable<PlantedBugTable.Row> Rows => PlantedBugTable.Rows.Where(row => row.IsOfThePort);
#endif

    [Fact]
    public void Every_planted_bug_has_its_row_and_every_row_its_bug() =>
        PlantedBugTable.Rows.Select(row => row.Bug).ShouldBe(PortFaults.All.Keys.Concat(PlantedBugTable.Planted), ignoreOrder: true);

    [Fact]
    public void No_bug_has_two_rows_and_none_may_take_more_than_four_thousand_seeds()
    {
        PlantedBugTable.Rows.Select(row => row.Bug).ShouldBeUnique();
        PlantedBugTable.Rows.ShouldAllBe(row => row.Seed <= row.Budget && row.Budget <= 4000);
        PlantedBugTable.Rows.Length.ShouldBeGreaterThanOrEqualTo(24);
    }

    [Fact]
    public void The_seed_that_the_table_names_finds_the_bug()
    {
        Assert.SkipWhen(Seeds.AreSearchedAnew, "The seeds are searched anew.");
        var survivors = new List<string>();
        Swarm.Play(Rows, Seeds.Jobs, row => Play(row.Bug, row.Seed), (row, known) =>
        {
            output.WriteLine($"{row.Bug}: seed {row.Seed}: {known.Summary}");
            survivors.AddRange(known.Law == row.Law ? [] : [$"{row.Bug}: seed {row.Seed} should break {row.Law}, as docs/how-we-know.md says: {known.Summary}"]);
            return true;
        });
        survivors.ShouldBeEmpty("Run tests/update-seeds.sh when the generator has changed.");
    }

    [Fact]
    public void The_first_seeds_are_searched_anew_and_written_down()
    {
        Assert.SkipUnless(Seeds.AreSearchedAnew, "UPDATE_GOLDEN is not set.");
        var found = new Dictionary<string, PlantedBugTable.Row>();
        var survivors = new List<string>();
        var watch = Stopwatch.StartNew();
        foreach (var row in Rows.Where(row => Seeds.Bugs.IsEmpty || Seeds.Bugs.Contains(row.Bug)))
        {
            var seeds = Swarm.Range(1, row.Budget).Where(seed => PlantedWorlds.MayShow(row.Bug, seed));
            var first = Swarm.First(seeds, Seeds.Jobs, seed => Play(row.Bug, seed), verdict => !verdict.IsLawful);
            output.WriteLine($"{watch.Elapsed:mm\\:ss} {row.Bug}: {(first is null ? $"SURVIVED {row.Budget} seeds" : $"seed {first.Seed}: {first.Summary}")}");
            if (first is null)
            {
                survivors.Add(row.Bug);
            }
            else
            {
                found[row.Bug] = row with { Seed = first.Seed, Law = first.Law! };
            }
        }

        PlantedBugTable.Write(found);
        RegressionList.Write(found.ToImmutableDictionary(row => row.Key, row => row.Value.Seed));
        survivors.ShouldBeEmpty("These bugs survived their budget: a hole in the generator or in a law.");
    }

    private static Verdict Play(string bug, ulong seed)
    {
        var around = PortFaults.All.GetValueOrDefault(bug) ?? (journal => journal);
        var plan = PlantedWorlds.Of(bug, seed);
#if PLANTED_BUGS
        Planted.Set(bug);
        try
        {
            return Run.Of(seed, plan, () => around);
        }
        finally
        {
            Planted.Set(null);
        }
#else
        return Run.Of(seed, plan, () => around);
#endif
    }
}

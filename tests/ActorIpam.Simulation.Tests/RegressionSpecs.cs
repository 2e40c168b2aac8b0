using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>Seeds that once found something are lawful for ever; the list says why each is kept.</summary>
public sealed class RegressionSpecs
{
    public static TheoryData<ulong, string> Kept => new(RegressionList.Entries.Select(entry => (entry.Seed, entry.Why)));

    [Theory]
    [MemberData(nameof(Kept))]
    public void A_seed_that_found_something_stays_lawful(ulong seed, string why)
    {
        var verdict = Run.Of(seed);
        verdict.IsLawful.ShouldBeTrue($"{seed} {why}\n{verdict.Tell()}");
    }

    [Fact]
    public void A_seed_that_finds_a_planted_bug_is_lawful_without_it()
    {
        var broken = new List<string>();
        Swarm.Play(PlantedBugTable.Rows, Seeds.Jobs, row => Run.Of(row.Seed, PlantedWorlds.Of(row.Bug, row.Seed)), (_, verdict) =>
        {
            broken.AddRange(verdict.IsLawful ? [] : [verdict.Tell()]);
            return true;
        });
        broken.ShouldBeEmpty();
    }
}

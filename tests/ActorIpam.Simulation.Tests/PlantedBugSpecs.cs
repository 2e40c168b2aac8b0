using System.Collections.Immutable;
using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>Small faults that the simulator must find. One that survives is a hole in the generator or in a law.</summary>
public sealed class PlantedBugSpecs(ITestOutputHelper output)
{
    private const ulong Budget = 400;

    /// <summary>Faults of the port: they need no code of ours and are found in every build.</summary>
    public static TheoryData<string> OfThePort => [.. Ports.Keys];

    private static readonly ImmutableSortedDictionary<string, Func<IJournal, IJournal>> Ports = new Dictionary<string, Func<IJournal, IJournal>>
    {
        ["appends-without-expected-version"] = journal => new BrokenJournal(journal) { Change = BrokenJournal.AtWhateverHead },
        ["no-request-guard"] = journal => new BrokenJournal(journal) { Change = BrokenJournal.WithoutRequestGuards },
        ["no-handle-guard"] = journal => new BrokenJournal(journal) { Change = BrokenJournal.WithoutHandleGuards },
        ["fences-not-compared"] = journal => new BrokenJournal(journal) { Change = BrokenJournal.WithoutFences },
        ["answer-before-the-commit"] = journal => new BrokenJournal(journal) { AnswersFirst = true },
        ["unknown-taken-for-success"] = journal => new BrokenJournal(journal) { Outcome = BrokenJournal.UnknownIsSuccess },
        ["lost-taken-for-success"] = journal => new BrokenJournal(journal) { Outcome = BrokenJournal.LostIsSuccess },
        ["tails-are-cut"] = journal => new BrokenJournal(journal) { CutsTails = true },
    }.ToImmutableSortedDictionary();

    [Theory]
    [MemberData(nameof(OfThePort))]
    public void A_fault_planted_in_the_port_is_found(string bug) => Find(bug, Ports[bug]);

    /// <summary>The request guard hides these in nearly every world; only a long run may ask for them.</summary>
    [Fact]
    public void A_new_commit_id_on_retry_is_found_by_a_long_run()
    {
        Assert.SkipUnless(IsLong, "SIM_LONG is not set.");
        Find("new-commit-id-on-retry", journal => new BrokenJournal(journal) { Change = BrokenJournal.UnderAnotherCommitId }, budget: 20_000);
    }

    [Fact]
    public void Unknown_taken_for_failure_is_found_by_a_long_run()
    {
        Assert.SkipUnless(IsLong, "SIM_LONG is not set.");
        Find("unknown-taken-for-failure", journal => new BrokenJournal(journal) { Outcome = BrokenJournal.UnknownIsFailure }, budget: 20_000);
    }

    private static bool IsLong => Environment.GetEnvironmentVariable("SIM_LONG") is { Length: > 0 };

#if PLANTED_BUGS
    /// <summary>Holes of the generator as it is: their windows are a few reads wide, or another member's late attempt must meet a stranger.</summary>
    [Theory]
    [InlineData("release-without-generation")]
    [InlineData("policy-head-after-its-body")]
    [InlineData("owner-heads-after-its-blocks")]
    public void A_rare_fault_of_the_core_is_found_by_a_long_run(string bug)
    {
        Assert.SkipUnless(IsLong, "SIM_LONG is not set.");
        Planted.Set(bug);
        try
        {
            Find(bug, journal => journal, budget: 20_000);
        }
        finally
        {
            Planted.Set(null);
        }
    }

    public static TheoryData<string> OfTheCore =>
    [
        "answers-not-fenced",
        "answer-before-the-commit",
        "no-request-guard",
        "no-policy-fence",
        "no-node-fence",
        "loss-keeps-the-memory",
        "a-batch-is-refused-as-one",
        "final-release-ignores-issued",
    ];

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

    private void Find(string bug, Func<IJournal, IJournal> around, ulong budget = Budget)
    {
        foreach (var seed in Seeds.Many(1, budget))
        {
            var verdict = Run.Of(seed, () => around);
            if (!verdict.IsLawful)
            {
                output.WriteLine($"{bug}: seed {seed}: {verdict.Summary}");
                return;
            }
        }

        Assert.Fail($"'{bug}' survived {budget} seeds.");
    }
}

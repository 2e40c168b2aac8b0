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
        ["new-commit-id-on-retry"] = journal => new BrokenJournal(journal) { Change = BrokenJournal.UnderAnotherCommitId },
        ["answer-before-the-commit"] = journal => new BrokenJournal(journal) { AnswersFirst = true },
        ["unknown-taken-for-failure"] = journal => new BrokenJournal(journal) { Outcome = BrokenJournal.UnknownIsFailure },
        ["unknown-taken-for-success"] = journal => new BrokenJournal(journal) { Outcome = BrokenJournal.UnknownIsSuccess },
        ["lost-taken-for-success"] = journal => new BrokenJournal(journal) { Outcome = BrokenJournal.LostIsSuccess },
        ["tails-are-cut"] = journal => new BrokenJournal(journal) { CutsTails = true },
    }.ToImmutableSortedDictionary();

    [Theory]
    [MemberData(nameof(OfThePort))]
    public void A_fault_planted_in_the_port_is_found(string bug) => Find(bug, Ports[bug]);

#if PLANTED_BUGS
    public static TheoryData<string> OfTheCore =>
    [
        "answers-not-fenced",
        "answer-before-the-commit",
        "no-request-guard",
        "no-policy-fence",
        "no-node-fence",
        "release-without-generation",
        "loss-keeps-the-memory",
        "a-batch-is-refused-as-one",
        "final-release-ignores-issued",
        "policy-head-after-its-body",
        "owner-heads-after-its-blocks",
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

    private void Find(string bug, Func<IJournal, IJournal> around)
    {
        foreach (var seed in Seeds.Many(1, Budget))
        {
            var verdict = Run.Of(seed, () => around);
            if (!verdict.IsLawful)
            {
                output.WriteLine($"{bug}: seed {seed}: {verdict.Summary}");
                return;
            }
        }

        Assert.Fail($"'{bug}' survived {Budget} seeds.");
    }
}

using System.Collections.Immutable;
using ActorIpam.EventSourcing;

namespace ActorIpam.Simulation.Tests;

/// <summary>Faults of the port by name: they need no code of ours and are found in every build.</summary>
internal static class PortFaults
{
    public static ImmutableSortedDictionary<string, Func<IJournal, IJournal>> All { get; } = new Dictionary<string, Func<IJournal, IJournal>>
    {
        ["appends-without-expected-version"] = journal => new BrokenJournal(journal) { Change = BrokenJournal.AtWhateverHead },
        ["blocks-end-without-expected-version"] = journal => new BrokenJournal(journal) { Change = BrokenJournal.EndsBlocksAtWhateverHead },
        ["port-without-request-guards"] = journal => new BrokenJournal(journal) { Change = BrokenJournal.WithoutRequestGuards },
        ["port-without-handle-guards"] = journal => new BrokenJournal(journal) { Change = BrokenJournal.WithoutHandleGuards },
        ["fences-not-compared"] = journal => new BrokenJournal(journal) { Change = BrokenJournal.WithoutFences },
        ["port-answers-before-the-commit"] = journal => new BrokenJournal(journal) { AnswersFirst = true },
        ["new-commit-id-on-retry"] = journal => new BrokenJournal(journal) { Change = BrokenJournal.UnderAnotherCommitId },
        ["unknown-taken-for-storage-full"] = journal => new BrokenJournal(journal) { Outcome = BrokenJournal.UnknownIsStorageFull },
        ["unknown-taken-for-success"] = journal => new BrokenJournal(journal) { Outcome = BrokenJournal.UnknownIsSuccess },
        ["lost-taken-for-success"] = journal => new BrokenJournal(journal) { Outcome = BrokenJournal.LostIsSuccess },
        ["looks-instead-of-sending-again"] = journal => new BrokenJournal(journal) { Reads = BrokenJournal.OfWhatWasSent },
        ["questions-are-only-read"] = journal => new BrokenJournal(journal) { Reads = BrokenJournal.OfQuestions },
        ["tails-are-cut"] = journal => new BrokenJournal(journal) { CutsTails = true },
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);
}

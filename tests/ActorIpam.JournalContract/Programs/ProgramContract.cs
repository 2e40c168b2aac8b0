using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.JournalContract.Memory;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Programs.Rendering;

namespace ActorIpam.JournalContract.Programs;

/// <summary>Random programs, played in lock-step on memory and on the journal under test.</summary>
/// <remarks><c>JOURNAL_PROGRAMS</c> says how many (100); <c>PROGRAM_SEED</c> plays one.</remarks>
public abstract class ProgramContract(IJournalSource source)
{
    private const int Batches = 30;

    [Fact]
    public async Task A_program_of_units_has_the_same_outcomes_and_leaves_the_same_rows_as_in_memory()
    {
        var seen = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var seed in Seeds())
        {
            await PlayAsync(seed, seen);
        }

        TestContext.Current.SendDiagnosticMessage("{0}: {1}", GetType().Name, string.Join(", ", seen.Select(pair => $"{pair.Key} {pair.Value}")));
    }

    private static IEnumerable<int> Seeds() =>
        Number("PROGRAM_SEED") is { } one ? [one] : Enumerable.Range(1, Number("JOURNAL_PROGRAMS") ?? 100);

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private async Task PlayAsync(int seed, SortedDictionary<string, int> seen)
    {
        var dice = new Dice(seed);
        var dealer = new UnitDealer(dice);
        var memory = new MemoryJournal();
        await using var specification = new MemorySource.UnderTest(memory);
        await using var under = await source.OpenAsync();
        for (var step = 1; step <= Batches; step++)
        {
            var context = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, batch {step}; again with PROGRAM_SEED={seed}");
            var batch = await dealer.BatchAsync(memory.Snapshot());
            var expected = await memory.AppendAsync(batch);
            var outcomes = await under.Journal.AppendAsync(batch);
            Render(outcomes).ShouldBe(Render(expected), context);
            Count(seen, expected);
            var heads = memory.Snapshot().Heads.Values.Concat(batch.SelectMany(unit => unit.Appends.Select(append => append.Expected))).ToList();
            await SameAsync([.. Enumerable.Range(0, 4).Select(_ => Questions.Random(dice, heads))], specification, under, context);
        }

        await SameAsync(Questions.OfEverything(), specification, under, $"seed {seed}, at its end");
    }

    private static async Task SameAsync(IEnumerable<Question> questions, IJournalUnderTest specification, IJournalUnderTest under, string context)
    {
        foreach (var question in questions)
        {
            (await question.Ask(under)).ShouldBe(await question.Ask(specification), $"{context}: {question.Text}");
        }
    }

    private static void Count(SortedDictionary<string, int> seen, ImmutableArray<Outcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            seen[outcome.GetType().Name] = seen.GetValueOrDefault(outcome.GetType().Name) + 1;
        }
    }
}

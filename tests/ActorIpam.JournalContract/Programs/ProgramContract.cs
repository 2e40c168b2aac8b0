using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.JournalContract.Memory;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Programs.Rendering;

namespace ActorIpam.JournalContract.Programs;

/// <summary>Random programs, played in lock-step on memory and on the journal under test, with snapshots and cuts in between.</summary>
/// <remarks>
/// <c>JOURNAL_PROGRAMS</c> says how many (500), <c>FIRST_PROGRAM</c> from which seed on (1); <c>PROGRAM_SEED</c> plays one. In every fourth program
/// the units of a batch are sent as several batches at once.
/// </remarks>
public abstract class ProgramContract(IJournalSource source)
{
    private const int Batches = 30;

    [Fact]
    public async Task A_program_of_units_has_the_same_outcomes_and_leaves_the_same_rows_as_in_memory()
    {
        var seen = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var bounds = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(Seeds(), bounds, async (seed, _) => await PlayAsync(seed, seen));
        TestContext.Current.SendDiagnosticMessage("{0}: {1}", GetType().Name, string.Join(", ", seen.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}")));
    }

    private static IEnumerable<int> Seeds() =>
        Number("PROGRAM_SEED") is { } one ? [one] : Enumerable.Range(Number("FIRST_PROGRAM") ?? 1, Number("JOURNAL_PROGRAMS") ?? 500);

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private async Task PlayAsync(int seed, ConcurrentDictionary<string, int> seen)
    {
        var dice = new Dice(seed);
        var dealer = new UnitDealer(dice);
        var upkeep = new UpkeepDealer(dice);
        var memory = new MemoryJournal();
        await using var specification = new MemorySource.UnderTest(memory);
        await using var under = await source.OpenAsync();
        for (var step = 1; step <= Batches; step++)
        {
            var context = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, batch {step}; again with PROGRAM_SEED={seed}");
            var batch = await dealer.BatchAsync(memory.Snapshot());
            if (seed % 4 == 0)
            {
                Count(seen, await SomeOrder.PlayAsync(batch, memory, under, context));
            }
            else
            {
                var expected = await memory.AppendAsync(batch);
                Render(await under.Journal.AppendAsync(batch)).ShouldBe(Render(expected), context);
                Count(seen, expected);
            }

            for (var keeping = dice.Below(3); keeping > 0; keeping--)
            {
                await SameAsync([upkeep.Next(memory.Snapshot())], specification, under, context);
            }

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

    private static void Count(ConcurrentDictionary<string, int> seen, ImmutableArray<Outcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            seen.AddOrUpdate(outcome.GetType().Name, 1, static (_, count) => count + 1);
        }
    }
}

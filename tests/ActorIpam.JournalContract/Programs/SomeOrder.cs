using System.Collections.Immutable;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using Shouldly;

namespace ActorIpam.JournalContract.Programs;

/// <summary>Batches that are sent at once: whatever happened must be what memory does with them one after the other, in some order.</summary>
internal static class SomeOrder
{
    /// <summary>Sends parts of a batch at once, and leaves memory in a state in which the journal may be now.</summary>
    /// <returns>What became of the units, in the order of the batch.</returns>
    public static async Task<ImmutableArray<Outcome>> PlayAsync(ImmutableArray<Unit> batch, MemoryJournal memory, IJournalUnderTest under, string context)
    {
        var parts = batch.Chunk(Math.Max(1, (batch.Length + 2) / 3)).Select(ImmutableArray.Create).ToList();
        var outcomes = await Task.WhenAll(parts.Select(part => Task.Run(async () => await under.Journal.AppendAsync(part))));
        var before = memory.Snapshot();
        var seen = Rendering.Render(outcomes);
        var (possible, otherwise) = (new List<string>(), new List<string>());
        var found = new List<(Question Question, string Answer)>();
        foreach (var question in Questions.OfTheRows())
        {
            found.Add((question, await question.Ask(under)));
        }

        foreach (var order in OrdersOf(parts.Count))
        {
            var ordered = new MemoryJournal(before);
            var expected = new ImmutableArray<Outcome>[parts.Count];
            foreach (var part in order)
            {
                expected[part] = await ordered.AppendAsync(parts[part]);
            }

            var text = Rendering.Render(expected);
            possible.Add(text);
            if (text != seen)
            {
                continue;
            }

            if (await DifferenceAsync(ordered, found) is not { } difference)
            {
                memory.Restore(ordered.Snapshot());
                return [.. outcomes.SelectMany(static part => part)];
            }

            otherwise.Add($"as in the order {string.Join(", ", order)}, but {difference}");
        }

        possible.ShouldContain(seen, $"{context}: {parts.Count} batches at once");
        throw new ShouldAssertException($"{context}: {parts.Count} batches at once ended\n{string.Join('\n', otherwise)}");
    }

    /// <summary>The first question that was answered otherwise than memory answers it; null when there is none.</summary>
    private static async Task<string?> DifferenceAsync(MemoryJournal memory, List<(Question Question, string Answer)> found)
    {
        var specification = new Memory.MemorySource.UnderTest(memory);
        foreach (var (question, answer) in found)
        {
            var should = await question.Ask(specification);
            if (answer != should)
            {
                return $"{question.Text}\nis     {answer}\nshould {should}";
            }
        }

        return null;
    }

    private static IEnumerable<ImmutableArray<int>> OrdersOf(int count) => count == 0
        ? [[]]
        : OrdersOf(count - 1).SelectMany(order => Enumerable.Range(0, count).Select(place => order.Insert(place, count - 1)));
}

using System.Collections.Immutable;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.Storage.Postgres;
using Shouldly;

namespace ActorIpam.JournalContract.Programs;

/// <summary>Batches that are sent at once: whatever happened must be what memory does with them one after the other, in some order.</summary>
/// <remarks>A batch of strangers may be judged in two goes, the requests that come again behind the others: what a unit promises it promises alone.</remarks>
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

        foreach (var order in GoesOf(parts).SelectMany(OrdersOf))
        {
            var ordered = new MemoryJournal(before);
            var judged = parts.ConvertAll(static part => new Outcome[part.Length]);
            foreach (var (part, units) in order)
            {
                var became = await ordered.AppendAsync([.. units.Select(unit => parts[part][unit])]);
                for (var i = 0; i < units.Length; i++)
                {
                    judged[part][units[i]] = became[i];
                }
            }

            var expected = judged.Select(static part => part.ToImmutableArray()).ToArray();
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

            otherwise.Add($"as in the order {string.Join(", ", order.Select(static go => $"{go.Part}: {string.Join(' ', go.Units)}"))}, but {difference}");
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

    /// <summary>The goes in which the batches may be judged, all of them whole first.</summary>
    private static IEnumerable<ImmutableArray<Go>> GoesOf(List<ImmutableArray<Unit>> parts)
    {
        IEnumerable<ImmutableArray<Go>> all = [[]];
        for (var part = 0; part < parts.Count; part++)
        {
            var before = all;
            all = [.. WaysOf(part, parts[part]).SelectMany(way => before.Select(goes => goes.AddRange(way)))];
        }

        return all;
    }

    /// <summary>A batch whole, or, if its units are strangers, with some that have requests behind the others.</summary>
    private static List<ImmutableArray<Go>> WaysOf(int part, ImmutableArray<Unit> units)
    {
        ImmutableArray<int> all = [.. Enumerable.Range(0, units.Length)];
        var ways = new List<ImmutableArray<Go>> { ImmutableArray.Create(new Go(part, all)) };
        int[] asking = [.. all.Where(unit => units[unit].Guards.OfType<IpamGuard.NewRequest>().Any())];
        if (!new BatchOutline(units).Plain)
        {
            return ways;
        }

        for (var chosen = 1; chosen < 1 << asking.Length; chosen++)
        {
            ImmutableArray<int> again = [.. asking.Where((_, place) => (chosen & (1 << place)) != 0)];
            if (again.Length < units.Length)
            {
                ways.Add([new(part, all.RemoveRange(again)), new(part, again)]);
            }
        }

        return ways;
    }

    /// <summary>The orders of some goes in which those of one batch keep theirs.</summary>
    private static IEnumerable<ImmutableArray<Go>> OrdersOf(ImmutableArray<Go> goes) => goes.IsEmpty
        ? [[]]
        : goes.Where((go, place) => goes.Take(place).All(before => before.Part != go.Part)).SelectMany(first => OrdersOf(goes.Remove(first)), static (first, rest) => rest.Insert(0, first));

    /// <param name="Part">Which batch.</param>
    /// <param name="Units">Which of its units.</param>
    private sealed record Go(int Part, ImmutableArray<int> Units);
}

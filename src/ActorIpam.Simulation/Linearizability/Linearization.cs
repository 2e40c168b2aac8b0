namespace ActorIpam.Simulation.Linearizability;

/// <summary>Looks for one order of the steps with an address in which each is possible, and which no step's question and answer contradict.</summary>
/// <remarks>
/// A search over what may come next: steps that were asked before every other open step was answered. Which steps are done and who holds the address is all that
/// counts for the rest, so each such position is tried once (Wing and Gong; Lowe). Small, because few steps with one address are under way at one time, and because some leave no choice:
/// who only sees something changes nothing for the others, so he is placed as soon as he can be; a release without an answer is out of the way when nothing is left that it could end; and of several such
/// that could end the same, the first will do.
/// </remarks>
public static class Linearization
{
    /// <summary>More positions than any world has: reaching it means that a history grew too large for its check, not that it is right.</summary>
    private const int MostPositions = 2_000_000;

    private const long Nobody = -1;

    /// <summary>True if there is such an order.</summary>
    /// <exception cref="InvalidOperationException">The search is too large to be finished.</exception>
    public static bool Exists(IReadOnlyList<AddressStep> steps)
    {
        AddressStep[] inOrder = [.. steps.OrderBy(step => step.Asked)];
        var tried = new HashSet<Position>();
        var open = new Stack<Position>([At(inOrder, new bool[inOrder.Length], Nobody)]);
        while (open.TryPop(out var position))
        {
            if (IsComplete(inOrder, position))
            {
                return true;
            }

            foreach (var next in Next(inOrder, position).Where(tried.Add))
            {
                open.Push(next);
            }

            if (tried.Count > MostPositions)
            {
                throw new InvalidOperationException($"INV-9 cannot be judged: {inOrder.Length} steps with one address have more than {MostPositions} orders.");
            }
        }

        return false;
    }

    private static bool IsComplete(AddressStep[] steps, Position position)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            if (!position.Done[i] && !steps[i].MayBeMissing)
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<Position> Next(AddressStep[] steps, Position position)
    {
        var firstAnswer = long.MaxValue;
        for (var i = 0; i < steps.Length; i++)
        {
            firstAnswer = position.Done[i] ? firstAnswer : Math.Min(firstAnswer, steps[i].Answered);
        }

        var next = new List<(int Step, long Holder)>();
        for (var i = 0; i < steps.Length && steps[i].Asked <= firstAnswer; i++)
        {
            if (!position.Done[i] && After(steps[i], position.Holder) is { } holder && !next.Exists(one => AreTwins(steps[one.Step], steps[i])))
            {
                next.Add((i, holder));
            }
        }

        // Nothing that is open must come before it, and nothing is different behind it.
        var sight = next.FindIndex(one => steps[one.Step] is AddressStep.SeeHeld or AddressStep.SeeNotHeld);
        return (sight < 0 ? next : next.GetRange(sight, 1)).Select(one => At(steps, [.. position.Done[..one.Step], true, .. position.Done[(one.Step + 1)..]], one.Holder));
    }

    /// <summary>The position, with what nobody heard of and can do nothing any more counted as done: positions that differ in nothing else are one.</summary>
    private static Position At(AddressStep[] steps, bool[] done, long holder)
    {
        var alive = steps.Where((step, i) => !done[i] && step is AddressStep.Take).Select(step => ((AddressStep.Take)step).Generation).Append(holder).ToHashSet();
        for (var i = 0; i < steps.Length; i++)
        {
            done[i] |= steps[i] is AddressStep.Free { MayBeMissing: true } free && !free.Generations.Overlaps(alive);
        }

        return new(done, holder);
    }

    /// <summary>True for two that may happen now or at any later time, or never, and would do the same.</summary>
    private static bool AreTwins(AddressStep one, AddressStep other) =>
        one is AddressStep.Free { MayBeMissing: true } first && other is AddressStep.Free { MayBeMissing: true } second && first.Generations.SetEquals(second.Generations);

    /// <summary>Who holds the address after the step; null if it is not possible now.</summary>
    private static long? After(AddressStep step, long holder) => step switch
    {
        AddressStep.Take take => holder == Nobody ? take.Generation : null,
        AddressStep.Free free => holder != Nobody && free.Generations.Contains(holder) ? Nobody : null,
        AddressStep.SeeHeld seen => holder == seen.Generation ? holder : null,
        AddressStep.SeeNotHeld seen => holder == Nobody || seen.Generations?.Contains(holder) == false ? holder : null,
        _ => null,
    };

    /// <summary>Which steps are done, and under which generation the address is held.</summary>
    private readonly record struct Position(bool[] Done, long Holder)
    {
        public bool Equals(Position other) => Holder == other.Holder && Done.AsSpan().SequenceEqual(other.Done);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(Holder);
            foreach (var done in Done)
            {
                hash.Add(done);
            }

            return hash.ToHashCode();
        }
    }
}

namespace ActorIpam.Simulation.Linearizability;

/// <summary>Looks for one order of the steps with an address in which each is possible, and which no step's question and answer contradict.</summary>
/// <remarks>
/// A search over what may come next: steps that were asked before every other open step was answered. Which steps are done and who holds the address is all that
/// counts for the rest, so each such position is tried once (Wing and Gong; Lowe). Small, because few steps with one address are under way at one time.
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
        var open = new Stack<Position>([new(new bool[inOrder.Length], Nobody)]);
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

        for (var i = 0; i < steps.Length && steps[i].Asked <= firstAnswer; i++)
        {
            if (!position.Done[i] && After(steps[i], position.Holder) is { } holder)
            {
                yield return new([.. position.Done[..i], true, .. position.Done[(i + 1)..]], holder);
            }
        }
    }

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

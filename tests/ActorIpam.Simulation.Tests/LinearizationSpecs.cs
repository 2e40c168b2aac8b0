using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Kernel;
using ActorIpam.Simulation.Linearizability;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>The checker of INV-9 itself: histories known to be right, histories known to be wrong, and random ones against a second checker that tries every order.</summary>
public sealed class LinearizationSpecs
{
    [Fact]
    public void One_after_the_other_is_right() => Exists(Take(1, 0, 5), Free(10, 15, 1), Take(2, 20, 25)).ShouldBeTrue();

    [Fact]
    public void A_release_that_overlaps_the_next_assignment_is_right() => Exists(Take(1, 0, 5), Free(10, 30, 1), Take(2, 20, 25)).ShouldBeTrue();

    [Fact]
    public void A_release_that_nobody_heard_of_may_have_freed_the_address() => Exists(Take(1, 0, 5), Free(10, Exchange.Never, 1), Take(2, 20, 25)).ShouldBeTrue();

    [Fact]
    public void An_assignment_that_nobody_heard_of_need_not_have_happened() => Exists(Take(1, 0, Exchange.Never), Take(2, 10, 15), SeeHeld(2, 20, 25)).ShouldBeTrue();

    [Fact]
    public void An_address_taken_twice_is_wrong() => Exists(Take(1, 0, 5), Take(2, 10, 15)).ShouldBeFalse();

    [Fact]
    public void A_release_asked_for_after_the_second_assignment_excuses_nothing() => Exists(Take(1, 0, 5), Take(2, 10, 15), Free(20, 25, 1)).ShouldBeFalse();

    [Fact]
    public void Two_who_free_one_generation_are_wrong() => Exists(Take(1, 0, 5), Free(10, 15, 1), Free(12, 18, 1)).ShouldBeFalse();

    [Fact]
    public void A_stale_look_is_wrong() => Exists(Take(1, 0, 5), Free(10, 15, 1), SeeHeld(1, 20, 25)).ShouldBeFalse();

    [Fact]
    public void Who_is_told_that_it_is_free_while_it_is_held_was_told_wrong() => Exists(Take(1, 0, 5), SeeFree(10, 15)).ShouldBeFalse();

    [Fact]
    public void A_late_release_that_frees_a_stranger_is_wrong() => Exists(Take(1, 0, 5), Free(10, 15, 1), Take(2, 20, 25), Free(8, 30, 1), SeeFree(40, 45)).ShouldBeFalse();

    /// <remarks>As when a pod sits behind a member that is down: thirty releases of its handle without an answer, any of which may have ended any of its holdings.</remarks>
    [Theory]
    [InlineData(20, true)]
    [InlineData(31, false)]
    public void Releases_without_an_answer_are_judged_however_many_there_are(int ended, bool isRight)
    {
        long[] generations = [.. Enumerable.Range(1, 40)];
        var releases = Enumerable.Range(0, 30).Select(i => Free(i, Exchange.Never, generations));
        var holdings = Enumerable.Range(1, ended + 1).SelectMany(i => new AddressStep[] { Take(i, 100 * i, (100 * i) + 5), SeeHeld(i, (100 * i) + 2, (100 * i) + 90), SeeFree((100 * i) + 10, (100 * i) + 120) });

        Exists([.. releases, .. holdings.SkipLast(1)]).ShouldBe(isRight);
    }

    [Fact]
    public void Random_histories_are_judged_as_by_trying_every_order()
    {
        var (right, wrong) = (0, 0);
        for (var seed = 1UL; seed <= 4000; seed++)
        {
            var dice = new Dice(seed);
            AddressStep[] steps = [.. Enumerable.Range(0, dice.Between(2, 6)).Select(_ => Draw(dice))];
            var naive = Orders(steps).Any(IsPossible);
            Exists(steps).ShouldBe(naive, $"seed {seed}: {string.Join<AddressStep>("; ", steps)}");
            _ = naive ? right++ : wrong++;
        }

        Math.Min(right, wrong).ShouldBeGreaterThan(400);
    }

    private static AddressStep Draw(Dice dice)
    {
        var asked = dice.Next(20);
        var answered = dice.Next(5) == 0 ? Exchange.Never : asked + dice.Between(1, 12);
        var generation = dice.Between(1, 3);
        return dice.Next(5) switch
        {
            0 or 1 => Take(generation, asked, answered),
            2 => Free(asked, answered, dice.Next(2) == 0 ? [generation] : [generation, (generation % 3) + 1]),
            3 => SeeHeld(generation, asked, answered),
            _ => SeeFree(asked, answered),
        };
    }

    /// <summary>Every order of every choice of steps that leaves out only what may be missing.</summary>
    private static IEnumerable<AddressStep[]> Orders(AddressStep[] steps) => Enumerable.Range(0, 1 << steps.Length)
        .Select(chosen => steps.Where((_, at) => (chosen & (1 << at)) != 0).ToArray())
        .Where(some => steps.Where(step => !Array.Exists(some, one => ReferenceEquals(one, step))).All(step => step.MayBeMissing))
        .SelectMany(Permutations);

    private static IEnumerable<AddressStep[]> Permutations(AddressStep[] steps) => steps.Length == 0
        ? [[]]
        : Enumerable.Range(0, steps.Length).SelectMany(at => Permutations([.. steps[..at], .. steps[(at + 1)..]]).Select(rest => (AddressStep[])[steps[at], .. rest]));

    private static bool IsPossible(AddressStep[] order)
    {
        long? holder = null;
        for (var i = 0; i < order.Length; i++)
        {
            if (order.Skip(i + 1).Any(later => later.Answered < order[i].Asked))
            {
                return false;
            }

            switch (order[i])
            {
                case AddressStep.Take take when holder is null:
                    holder = take.Generation;
                    break;
                case AddressStep.Free free when holder is { } held && free.Generations.Contains(held):
                    holder = null;
                    break;
                case AddressStep.SeeHeld seen when holder == seen.Generation:
                case AddressStep.SeeNotHeld when holder is null:
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static bool Exists(params AddressStep[] steps) => Linearization.Exists(steps);

    private static AddressStep.Take Take(long generation, long asked, long answered) => new("take", asked, answered, generation);

    private static AddressStep.Free Free(long asked, long answered, params long[] generations) => new("free", asked, answered, generations.ToHashSet());

    private static AddressStep.SeeHeld SeeHeld(long generation, long asked, long answered) => new("see held", asked, answered, generation);

    private static AddressStep.SeeNotHeld SeeFree(long asked, long answered) => new("see free", asked, answered, null);
}

using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Faults;

/// <summary>How often each fault happens, in a thousand. Some kinds are off in each world: a fault that always happens hides another.</summary>
public sealed record FaultRates(ImmutableSortedDictionary<Fault, int> PerMille)
{
    private static readonly (Fault Fault, int Most)[] Ranges =
    [
        (Fault.LostOnTheWay, 80), (Fault.RefusedBefore, 60), (Fault.StorageFull, 10), (Fault.AnswerLost, 120), (Fault.Torn, 60),
        (Fault.ArrivesLate, 60), (Fault.AnsweredLate, 20), (Fault.Stall, 10), (Fault.CrashBefore, 25), (Fault.CrashUnderway, 25),
        (Fault.CrashAfter, 25), (Fault.PauseAfter, 25), (Fault.CrashHere, 12), (Fault.WaitHere, 60), (Fault.ReadFails, 60), (Fault.ReadIsSlow, 200),
        (Fault.MessageLost, 200), (Fault.MessageUnanswered, 100), (Fault.MessageTwice, 500), (Fault.MessageLate, 300),
    ];

    public static FaultRates None { get; } = new(ImmutableSortedDictionary<Fault, int>.Empty);

    /// <summary>Draws the rates of one world: each kind is off in every third world, and all are in every eighth.</summary>
    public static FaultRates Draw(Dice dice)
    {
        if (dice.Next(8) == 0)
        {
            return None;
        }

        var rates = ImmutableSortedDictionary.CreateBuilder<Fault, int>();
        foreach (var (fault, most) in Ranges)
        {
            rates[fault] = dice.Next(3) == 0 ? 0 : dice.Between(1, most);
        }

        return new(rates.ToImmutable());
    }

    public int Of(Fault fault) => PerMille.GetValueOrDefault(fault);

    /// <summary>The same without one kind of fault.</summary>
    public FaultRates Without(Fault fault) => new(PerMille.Remove(fault));

    public override string ToString() => PerMille.Values.All(rate => rate == 0)
        ? "none"
        : string.Join(" ", PerMille.Where(rate => rate.Value > 0).Select(rate => string.Create(CultureInfo.InvariantCulture, $"{rate.Key} {rate.Value}‰")));
}

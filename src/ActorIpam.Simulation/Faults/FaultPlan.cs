using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Faults;

/// <summary>Deals the faults of one world, until it is healed, and counts them.</summary>
public sealed class FaultPlan(FaultRates rates, Dice dice)
{
    /// <summary>What happens to batches on their way to the store and back.</summary>
    internal static readonly Fault[] OfAppends =
    [
        Fault.LostOnTheWay, Fault.RefusedBefore, Fault.StorageFull, Fault.AnswerLost, Fault.Torn, Fault.ArrivesLate, Fault.AnsweredLate,
        Fault.Stall, Fault.CrashBefore, Fault.CrashUnderway, Fault.CrashAfter, Fault.PauseAfter,
    ];

    /// <summary>What happens at the points that the production code names.</summary>
    internal static readonly Fault[] OfPoints = [Fault.CrashHere, Fault.WaitHere];

    /// <summary>What happens to reads.</summary>
    internal static readonly Fault[] OfReads = [Fault.ReadFails, Fault.ReadIsSlow];

    /// <summary>What happens to what members say to each other.</summary>
    internal static readonly Fault[] OfMessages = [Fault.MessageLost, Fault.MessageUnanswered, Fault.MessageTwice, Fault.MessageLate];

    /// <summary>False before the world's faults begin and after it healed.</summary>
    public bool IsOn { get; set; }

    public FaultReport Report { get; } = new();

    public Fault OfAppend(string point) => Deal(point, OfAppends);

    public Fault OfRead(string point) => Deal(point, OfReads);

    public Fault AtPoint(string point) => Deal(point, OfPoints);

    public Fault OfMessage(string point) => Deal(point, OfMessages);

    /// <summary>Notes a fault that was not dealt: the network was cut there for a while.</summary>
    public void Met(string point, Fault fault) => Report.Hit(point, fault);

    private Fault Deal(string point, Fault[] kinds)
    {
        var dealt = IsOn ? Array.Find(kinds, kind => dice.Happens(rates.Of(kind))) : Fault.None;
        Report.Hit(point, dealt);
        return dealt;
    }
}

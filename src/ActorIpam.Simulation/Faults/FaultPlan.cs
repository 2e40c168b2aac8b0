using ActorIpam.Runtime;
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

    /// <summary>What happens to units while their standby is out of reach; those that write nothing are never seen.</summary>
    internal static readonly Fault[] OfStandby = [Fault.WaitsForStandby, Fault.SeenAndLost, Fault.SeenAndKept];

    /// <summary>How much more often members fail at rare points, and how often at the most, in a thousand.</summary>
    private const int RareOften = 10, Most = 300;

    /// <summary>False before the world's faults begin and after it healed.</summary>
    public bool IsOn { get; set; }

    public FaultReport Report { get; } = new();

    public Fault OfAppend(string point) => Deal(point, OfAppends);

    public Fault OfRead(string point) => Deal(point, OfReads);

    public Fault AtPoint(FaultPoint point) => Deal(point.ToString(), OfPoints, IsRare(point) ? RareOften : 1);

    public Fault OfMessage(string point) => Deal(point, OfMessages);

    /// <summary>Notes a fault that was not dealt: the network was cut there for a while.</summary>
    public void Met(string point, Fault fault) => Report.Hit(point, fault);

    /// <summary>Steps of flows that a world runs once or never; those of each request come in their thousands.</summary>
    private static bool IsRare(FaultPoint point) => point is FaultPoint.PoolDisabled or FaultPoint.AffinityEnded or FaultPoint.PoolPrepared or FaultPoint.NodeRemoved
        or FaultPoint.SweepActed or FaultPoint.SplitBegun or FaultPoint.SplitPartCreated or FaultPoint.SplitBlockMoved or FaultPoint.SplitEmptied
        or FaultPoint.HoldingsAdopted or FaultPoint.RecoveryStepped;

    private Fault Deal(string point, Fault[] kinds, int often = 1)
    {
        var dealt = IsOn ? Array.Find(kinds, kind => dice.Happens(Math.Min(rates.Of(kind) * often, Most))) : Fault.None;
        Report.Hit(point, dealt);
        return dealt;
    }
}

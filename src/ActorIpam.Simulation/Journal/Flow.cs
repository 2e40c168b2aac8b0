using System.Collections.Immutable;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Simulation.Journal;

/// <summary>Names what a unit does, by the flows of protocol.md §5, from what it carries: these are the fault points of appends.</summary>
public static class Flow
{
    /// <summary>Writes nothing: asks whether heads still stand.</summary>
    public const string Nothing = "question";

    private const string
        Catalog = "catalog", ClaimAndAssign = "claim and assign", Assign = "assign", FinalRelease = "final release", Release = "release",
        Move = "move", Reclaim = "reclaim", Orphan = "orphan", Claim = "claim", GiveBack = "give back", Thaw = "thaw", Forget = "forget", Remember = "remember a request";

    /// <summary>All flows.</summary>
    public static ImmutableArray<string> All { get; } =
        [Nothing, Catalog, ClaimAndAssign, Assign, FinalRelease, Release, Move, Reclaim, Orphan, Claim, GiveBack, Thaw, Forget, Remember];

    /// <summary>Those of almost every world; the others need a change of the catalog, a sweep or a long time.</summary>
    public static ImmutableArray<string> Common { get; } = [Nothing, Catalog, ClaimAndAssign, Assign, FinalRelease, Release];

    /// <summary>The flow of the first unit of a batch that writes anything.</summary>
    public static string Of(ImmutableArray<Unit> batch) => Of(batch.FirstOrDefault(unit => !unit.IsQuestion) ?? batch[0]);

    public static string Of(Unit unit)
    {
        var assigns = unit.Views.Any(change => change is IpamViewChange.AddressHeld);
        var pools = unit.Appends.Count(append => append.Stream.Value.StartsWith("pool/", StringComparison.Ordinal));
        var closes = unit.Views.Any(change => change is IpamViewChange.BlockGone);
        var stands = unit.Views.OfType<IpamViewChange.BlockStands>().ToList();
        return 0 switch
        {
            _ when unit.IsQuestion => Nothing,
            _ when unit.Appends.Any(append => append.Stream.Value == "catalog") => Catalog,
            _ when assigns && pools > 0 => ClaimAndAssign,
            _ when assigns => Assign,
            _ when unit.Guards.Any(guard => guard is IpamGuard.HandleClose) => FinalRelease,
            _ when unit.Views.Any(change => change is IpamViewChange.AddressFreed) => Release,
            _ when unit.Views.Any(change => change is IpamViewChange.RequestForgotten or IpamViewChange.CloseForgotten) => Forget,
            _ when pools == 2 && stands.Count > 0 => Move,
            _ when pools > 0 && closes && stands.Count > 0 => Reclaim,
            _ when pools > 0 && stands.Exists(change => change.Row.Owner is null) => Orphan,
            _ when pools > 0 && stands.Count > 0 => Claim,
            _ when closes => GiveBack,
            _ when stands.Count > 0 => Thaw,
            _ => Remember,
        };
    }
}

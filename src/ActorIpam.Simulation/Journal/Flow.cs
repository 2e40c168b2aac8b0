using System.Collections.Immutable;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Simulation.Journal;

/// <summary>Names what a unit does, by the flows of protocol.md §5, from what it carries: these are the fault points of appends.</summary>
public static class Flow
{
    /// <summary>The flow of the first unit of a batch that writes anything.</summary>
    public static string Of(ImmutableArray<Unit> batch) => Of(batch.FirstOrDefault(unit => !unit.IsQuestion) ?? batch[0]);

    public static string Of(Unit unit)
    {
        var assigns = unit.Views.Any(change => change is IpamViewChange.AddressHeld);
        var claims = unit.Appends.Any(append => append.Stream.Value.StartsWith("pool/", StringComparison.Ordinal));
        var closes = unit.Views.Any(change => change is IpamViewChange.BlockGone);
        var stands = unit.Views.OfType<IpamViewChange.BlockStands>().ToList();
        return 0 switch
        {
            _ when unit.IsQuestion => "question",
            _ when unit.Appends.Any(append => append.Stream.Value == "catalog") => "catalog",
            _ when assigns && claims => "claim and assign",
            _ when assigns => "assign",
            _ when unit.Guards.Any(guard => guard is IpamGuard.HandleClose) => "final release",
            _ when unit.Views.Any(change => change is IpamViewChange.AddressFreed) => "release",
            _ when claims && closes && stands.Count > 0 => "reclaim",
            _ when claims && stands.Exists(change => change.Row.Owner is null) => "orphan",
            _ when claims && stands.Count > 0 => "claim",
            _ when closes => "give back",
            _ => "other",
        };
    }
}

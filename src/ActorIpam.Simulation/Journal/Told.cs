using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Simulation.Journal;

/// <summary>A unit in one line of the story.</summary>
internal static class Told
{
    public static string Of(Unit unit) => string.Join("; ", unit.Views.Select(Of).Concat(unit.Appends.Select(append => $"{append.Stream}@{append.Expected.Version + 1}")));

    private static string Of(ViewChange change) => change switch
    {
        IpamViewChange.AddressHeld held => $"+{held.Row.Ip} g{held.Row.Generation} {held.Row.Handle} {held.Row.Holder}",
        IpamViewChange.AddressFreed freed => $"-{freed.Ip} g{freed.Generation}",
        IpamViewChange.BlockStands stands => $"{stands.Row.Block} {stands.Row.Owner?.ToString() ?? "orphan"} free {stands.Row.Free}",
        IpamViewChange.BlockGone gone => $"{gone.Block} gone",
        IpamViewChange.ResourceStored stored => $"{stored.Row.Kind}/{stored.Row.Name} stored",
        IpamViewChange.ResourceGone gone => $"{gone.Kind}/{gone.Name} gone",
        _ => change.GetType().Name,
    };
}

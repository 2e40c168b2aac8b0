using System.Collections.Immutable;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Clients;

/// <summary>How the members of a world are upgraded while it is used, one after the other, by one protocol number at a time.</summary>
/// <param name="Steps">By how many numbers: 1 or 2.</param>
/// <param name="Forgets">One member is left out of the first step. When the second begins it runs, or stands still and comes back when it is over.</param>
/// <param name="NewEvents">The type names of events that the last release writes in a way that the first does not know.</param>
public sealed record UpgradePlan(int Steps, bool Forgets, ImmutableArray<string> NewEvents)
{
    private static readonly string[] Events =
    [
        "AddressAssigned", "AddressReleased", "BlockOpened", "BlockClosed", "CooldownEnded", "AffinityLost", "BlockClaimed", "BlockGivenBack", "ResourceCreated", "ResourceUpdated",
    ];

    internal static UpgradePlan Draw(Dice dice) =>
        new(dice.Next(4) == 0 ? 1 : 2, dice.Next(3) > 0, [.. Enumerable.Range(0, dice.Between(1, 3)).Select(_ => dice.OneOf(Events)).Distinct()]);

    public override string ToString() => $"upgrades by {Steps}{(Forgets ? " but for one" : "")}, new {string.Join(" ", NewEvents)}";
}

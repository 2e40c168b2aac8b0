using System.Collections.Immutable;
using ActorIpam.Domain.Blocks;

namespace ActorIpam.Domain.Catalog;

/// <summary>A journal that was brought back from a backup, until an operator says that all that was given since is known again or lost.</summary>
/// <remarks>INV-1: an address that looks free may have been given between the backup and the loss. While this stands nothing is assigned or claimed but what its holder reports.</remarks>
/// <param name="TakenAt">The instant of the backup.</param>
/// <param name="BegunAt">When it was brought back.</param>
/// <param name="Reported">The holders that have told all they hold.</param>
public sealed record Recovery(DateTimeOffset TakenAt, DateTimeOffset BegunAt, ImmutableHashSet<Owner> Reported)
{
    /// <summary>What every assignment is answered with.</summary>
    public Refusal Refusal => new(
        RefusalCode.Recovering, $"The journal was brought back from a backup of {TakenAt:u}: nothing is assigned before hosts have reported what they hold and an operator ends the recovery.");
}

using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;

namespace ActorIpam.Domain.Resources;

/// <summary>The tie of a block to its owner, as Calico shows it (semantics.md §2.6). A view: users read it and never write it.</summary>
/// <param name="Name">The name.</param>
/// <param name="State">confirmed, pending or pendingDeletion; empty means confirmed.</param>
/// <param name="Node">The owner's name.</param>
/// <param name="Type">host or virtual; empty means host.</param>
/// <param name="Cidr">The block.</param>
/// <param name="Deleted">A mark of Calico's own storage, which nobody may set.</param>
public sealed record BlockAffinity(string Name, string? State, string? Node, string? Type, string? Cidr, bool Deleted);

/// <summary>The rules of a written affinity.</summary>
public static class BlockAffinityRules
{
    public static ImmutableArray<Refusal> Validate(BlockAffinity affinity)
    {
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        if (affinity.Deleted)
        {
            refusals.Add(new(RefusalCode.DeletedFlagReserved, "spec.deleted is kept for the system and cannot be set.", "spec.deleted"));
        }

        if (affinity.State is not (null or "" or "confirmed" or "pending" or "pendingDeletion"))
        {
            refusals.Add(new(RefusalCode.Enum, $"spec.state is confirmed, pending or pendingDeletion, not '{affinity.State}'.", "spec.state"));
        }

        if (affinity.Type is not (null or "" or "host" or "virtual"))
        {
            refusals.Add(new(RefusalCode.Enum, $"spec.type is host or virtual, not '{affinity.Type}'.", "spec.type"));
        }

        if (!Addressing.Cidr.TryParse(affinity.Cidr, out _))
        {
            refusals.Add(new(RefusalCode.CidrInvalid, $"spec.cidr must be a block's CIDR, not '{affinity.Cidr}'.", "spec.cidr"));
        }

        return refusals.ToImmutable();
    }
}

using System.Collections.Immutable;

namespace ActorIpam.Domain.Catalog;

/// <summary>What an address is for. The names are those of <c>spec.allowedUses</c>, case-sensitive.</summary>
public enum PoolUse
{
    Workload,
    Tunnel,
    LoadBalancer,
}

public static class PoolUses
{
    /// <summary>The uses of a pool that names none (semantics.md §2.2).</summary>
    public static ImmutableArray<PoolUse> Default { get; } = [PoolUse.Workload, PoolUse.Tunnel];

    /// <summary>Reads the exact name of a use.</summary>
    public static bool TryParse(string? text, out PoolUse use)
    {
        (var known, use) = text switch
        {
            "Workload" => (true, PoolUse.Workload),
            "Tunnel" => (true, PoolUse.Tunnel),
            "LoadBalancer" => (true, PoolUse.LoadBalancer),
            _ => (false, default),
        };
        return known;
    }
}

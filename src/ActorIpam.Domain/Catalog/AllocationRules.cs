using ActorIpam.Domain.Resources;

namespace ActorIpam.Domain.Catalog;

/// <summary>The configuration of allocation as deciders see it (semantics.md §11).</summary>
/// <param name="StrictAffinity">No borrowing.</param>
/// <param name="AutoAllocateBlocks">Hosts get blocks on demand.</param>
/// <param name="MaxBlocksPerHost">0 means no limit of its own.</param>
/// <param name="Cooldown">Between release and reuse; zero frees at once.</param>
public sealed record AllocationRules(bool StrictAffinity, bool AutoAllocateBlocks, int MaxBlocksPerHost, TimeSpan Cooldown)
{
    /// <summary>What holds while no configuration is stored.</summary>
    public static AllocationRules Default { get; } = new(false, true, 0, TimeSpan.Zero);

    public static AllocationRules From(IpamConfigurationSpec stored) => new(
        stored.StrictAffinity ?? Default.StrictAffinity,
        stored.AutoAllocateBlocks ?? Default.AutoAllocateBlocks,
        checked((int)(stored.MaxBlocksPerHost ?? Default.MaxBlocksPerHost)),
        TimeSpan.FromSeconds(stored.IpCooldownSeconds ?? 0));
}

using System.Collections.Immutable;

namespace ActorIpam.Domain.Resources;

/// <summary>Combinations that <c>ipam configure</c> refuses (semantics.md §11). A raw write of the resource is not held to them.</summary>
public static class ConfigurationRules
{
    /// <param name="wanted">The whole configuration as it would be; null parts count as their defaults.</param>
    public static ImmutableArray<Refusal> Check(IpamConfigurationSpec wanted)
    {
        var strict = wanted.StrictAffinity ?? false;
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        if (!strict && !(wanted.AutoAllocateBlocks ?? true))
        {
            refusals.Add(new(RefusalCode.NeitherStrictNorAuto, "Without strictAffinity, autoAllocateBlocks must stay on.", "spec.autoAllocateBlocks"));
        }

        if (!strict && wanted.MaxBlocksPerHost > 0)
        {
            refusals.Add(new(RefusalCode.LimitNeedsStrict, "maxBlocksPerHost needs strictAffinity.", "spec.maxBlocksPerHost"));
        }

        return refusals.ToImmutable();
    }
}

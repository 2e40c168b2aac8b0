using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;

namespace ActorIpam.Domain.Resources;

/// <summary>Fills what a user left out (semantics.md §2.2, §2.4). Never changes its input; filling twice is filling once.</summary>
public static class ResourceDefaults
{
    public const int BlockSizeV4 = 26;
    public const int BlockSizeV6 = 122;

    /// <summary>Workload and Tunnel.</summary>
    public static ImmutableArray<string> AllowedUses { get; } = ["Workload", "Tunnel"];

    /// <returns>The resource with defaults, and its CIDR in canonical text when it is one without host bits.</returns>
    public static Resource Fill(Resource given) => given switch
    {
        IpPool pool => pool with { Spec = Fill(pool.Spec) },
        IpamConfiguration configuration => configuration with { Spec = Fill(configuration.Spec) },
        _ => given,
    };

    private static IpPoolSpec Fill(IpPoolSpec spec)
    {
        // A CIDR with host bits keeps its text: the refusal must show what was written.
        var known = Cidr.TryParse(spec.Cidr, out var range, out var written);
        return spec with
        {
            Cidr = known && written == range.First ? range.ToString() : spec.Cidr,
            BlockSize = spec.BlockSize is null or 0 && known ? DefaultBlockSize(range.Family) : spec.BlockSize,
            IpipMode = OrDefault(spec.IpipMode, "Never"),
            VxlanMode = OrDefault(spec.VxlanMode, "Never"),
            NatOutgoing = spec.NatOutgoing ?? false,
            Disabled = spec.Disabled ?? false,
            DisableBgpExport = spec.DisableBgpExport ?? false,
            NodeSelector = OrDefault(spec.NodeSelector, "all()"),
            NamespaceSelector = string.IsNullOrEmpty(spec.NamespaceSelector) ? null : spec.NamespaceSelector,
            AllowedUses = spec.AllowedUses is { IsDefaultOrEmpty: false } uses ? uses : AllowedUses,
            AssignmentMode = spec.AssignmentMode ?? "Automatic",
        };
    }

    private static IpamConfigurationSpec Fill(IpamConfigurationSpec spec) => new()
    {
        StrictAffinity = spec.StrictAffinity ?? false,
        AutoAllocateBlocks = spec.AutoAllocateBlocks ?? true,
        MaxBlocksPerHost = spec.MaxBlocksPerHost ?? 0,
        IpCooldownSeconds = spec.IpCooldownSeconds ?? 0,
        KubeVirtVmAddressPersistence = OrDefault(spec.KubeVirtVmAddressPersistence, "Enabled"),
    };

    /// <summary>26 for IPv4, 122 for IPv6: blocks of 64 addresses.</summary>
    public static int DefaultBlockSize(IpFamily family) => family == IpFamily.V4 ? BlockSizeV4 : BlockSizeV6;

    private static string OrDefault(string? given, string otherwise) => string.IsNullOrEmpty(given) ? otherwise : given;
}

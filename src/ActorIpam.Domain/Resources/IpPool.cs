using System.Collections.Immutable;

namespace ActorIpam.Domain.Resources;

/// <summary>A named range that is carved into blocks (semantics.md §2.2).</summary>
public sealed record IpPool(Metadata Metadata, IpPoolSpec Spec) : Resource(Metadata)
{
    public override ResourceKind Kind => ResourceKind.IPPool;
}

/// <summary>As written by the user. Texts stay as given, except that a stored CIDR is canonical and defaults are filled.</summary>
public sealed record IpPoolSpec
{
    public string? Cidr { get; init; }

    /// <summary>The prefix length of a block: 20–32 or 116–128. Null or 0 means 26 or 122.</summary>
    public int? BlockSize { get; init; }

    public string? IpipMode { get; init; }

    public string? VxlanMode { get; init; }

    public bool? NatOutgoing { get; init; }

    public bool? Disabled { get; init; }

    public bool? DisableBgpExport { get; init; }

    public string? NodeSelector { get; init; }

    public string? NamespaceSelector { get; init; }

    /// <summary>Null means Workload and Tunnel.</summary>
    public ImmutableArray<string>? AllowedUses { get; init; }

    public string? AssignmentMode { get; init; }
}

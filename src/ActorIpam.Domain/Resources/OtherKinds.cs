using System.Collections.Immutable;

namespace ActorIpam.Domain.Resources;

/// <summary>Addresses that are never assigned automatically (semantics.md §2.3, §10.1).</summary>
public sealed record IpReservation(Metadata Metadata, ImmutableArray<string> ReservedCidrs) : Resource(Metadata)
{
    public override ResourceKind Kind => ResourceKind.IPReservation;
}

/// <summary>The one configuration of allocation, named <c>default</c> (semantics.md §2.4, §11).</summary>
public sealed record IpamConfiguration(Metadata Metadata, IpamConfigurationSpec Spec) : Resource(Metadata)
{
    public override ResourceKind Kind => ResourceKind.IPAMConfiguration;
}

/// <summary>Null means the default.</summary>
public sealed record IpamConfigurationSpec
{
    /// <summary>No borrowing. Default false.</summary>
    public bool? StrictAffinity { get; init; }

    /// <summary>Hosts get blocks on demand. Default true.</summary>
    public bool? AutoAllocateBlocks { get; init; }

    /// <summary>0 to 1,000,000; 0 means no limit of its own. Default 0.</summary>
    public long? MaxBlocksPerHost { get; init; }

    /// <summary>Seconds, 0 to 1,200. Default 0.</summary>
    public long? IpCooldownSeconds { get; init; }

    /// <summary>Enabled or Disabled. Default Enabled.</summary>
    public string? KubeVirtVmAddressPersistence { get; init; }
}

/// <summary>A host's configuration (semantics.md §2.5). Its labels are what node selectors see.</summary>
public sealed record Node(Metadata Metadata, NodeSpec Spec) : Resource(Metadata)
{
    public override ResourceKind Kind => ResourceKind.Node;
}

public sealed record NodeSpec
{
    public NodeBgp? Bgp { get; init; }

    public string? Ipv4VxlanTunnelAddr { get; init; }

    public string? Ipv6VxlanTunnelAddr { get; init; }

    public string? VxlanTunnelMacAddr { get; init; }

    public ImmutableArray<NodeAddress> Addresses { get; init; } = [];

    public ImmutableArray<OrchRef> OrchRefs { get; init; } = [];
}

public sealed record NodeBgp
{
    /// <summary>Address with optional prefix; host bits are kept: the prefix is the node's subnet.</summary>
    public string? Ipv4Address { get; init; }

    public string? Ipv6Address { get; init; }

    public string? Ipv4IpipTunnelAddr { get; init; }

    /// <summary>The node's AS number, in plain or dotted form, as given.</summary>
    public string? AsNumber { get; init; }

    public string? RouteReflectorClusterId { get; init; }
}

/// <param name="Address">An address.</param>
/// <param name="Type">CalicoNodeIP, InternalIP or ExternalIP.</param>
public sealed record NodeAddress(string Address, string Type);

public sealed record OrchRef(string NodeName, string Orchestrator);

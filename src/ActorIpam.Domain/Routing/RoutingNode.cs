using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Domain.Routing;

/// <summary>A node as routes see it: where it is reached, directly and through tunnels.</summary>
public sealed record RoutingNode(string Name)
{
    /// <summary>Its own addresses by family, each with the subnet around it: full length when no prefix was given.</summary>
    public HostAddress? V4 { get; init; }

    public HostAddress? V6 { get; init; }

    public IpAddress? IpipTunnel { get; init; }

    public IpAddress? VxlanTunnelV4 { get; init; }

    public IpAddress? VxlanTunnelV6 { get; init; }

    /// <summary>Whether the device that holds the node's own address is known; until it is, a tunnel is used where there is one.</summary>
    public bool IsParentKnown { get; init; } = true;

    public HostAddress? Own(IpFamily family) => family == IpFamily.V4 ? V4 : V6;

    public IpAddress? VxlanTunnel(IpFamily family) => family == IpFamily.V4 ? VxlanTunnelV4 : VxlanTunnelV6;

    /// <summary>True for an address that one of the node's own tunnel devices carries.</summary>
    public bool CarriesTunnel(IpAddress address) => address == IpipTunnel || address == VxlanTunnelV4 || address == VxlanTunnelV6;

    /// <summary>The BGP address, else the internal, else the external one (semantics.md §16.3). What does not parse counts as not given.</summary>
    public static RoutingNode Of(Node node)
    {
        var spec = node.Spec;
        return new(node.Metadata.Name)
        {
            V4 = HostAddress.TryParse(spec.Bgp?.Ipv4Address) ?? Listed(spec, IpFamily.V4),
            V6 = HostAddress.TryParse(spec.Bgp?.Ipv6Address) ?? Listed(spec, IpFamily.V6),
            IpipTunnel = Parse(spec.Bgp?.Ipv4IpipTunnelAddr),
            VxlanTunnelV4 = Parse(spec.Ipv4VxlanTunnelAddr),
            VxlanTunnelV6 = Parse(spec.Ipv6VxlanTunnelAddr),
        };
    }

    private static HostAddress? Listed(NodeSpec spec, IpFamily family)
    {
        foreach (var type in new[] { "InternalIP", "ExternalIP" })
        {
            foreach (var listed in spec.Addresses.IsDefault ? [] : spec.Addresses)
            {
                if (listed.Type == type && HostAddress.TryParse(listed.Address) is { } found && found.Address.Family == family)
                {
                    return found;
                }
            }
        }

        return null;
    }

    private static IpAddress? Parse(string? text) => IpAddress.TryParse(text, out var address) ? address : null;
}

/// <summary>A node's own address and its subnet.</summary>
public readonly record struct HostAddress(IpAddress Address, Cidr Subnet)
{
    /// <summary>Reads an address with or without prefix length; null for anything else.</summary>
    public static HostAddress? TryParse(string? text) =>
        Cidr.TryParse(text, out var subnet, out var written) ? new(written, subnet)
        : IpAddress.TryParse(text, out var address) ? new(address, Cidr.Of(address))
        : null;
}

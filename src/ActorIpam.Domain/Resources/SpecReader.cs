using System.Text.Json;

namespace ActorIpam.Domain.Resources;

/// <summary>The spec of each kind, out of JSON that was checked before.</summary>
internal static class SpecReader
{
    public static IpPoolSpec Pool(JsonElement? spec) => new()
    {
        Cidr = spec.Text("cidr"),
        BlockSize = spec.Whole("blockSize"),
        IpipMode = spec.Text("ipipMode"),
        VxlanMode = spec.Text("vxlanMode"),
        NatOutgoing = spec.Flag("natOutgoing"),
        Disabled = spec.Flag("disabled"),
        DisableBgpExport = spec.Flag("disableBGPExport"),
        NodeSelector = spec.Text("nodeSelector"),
        NamespaceSelector = spec.Text("namespaceSelector"),
        AllowedUses = spec.Texts("allowedUses"),
        AssignmentMode = spec.Text("assignmentMode"),
    };

    public static IpamConfigurationSpec Configuration(JsonElement? spec) => new()
    {
        StrictAffinity = spec.Flag("strictAffinity"),
        AutoAllocateBlocks = spec.Flag("autoAllocateBlocks"),
        MaxBlocksPerHost = spec.Whole("maxBlocksPerHost"),
        IpCooldownSeconds = spec.Whole("ipCooldownSeconds"),
        KubeVirtVmAddressPersistence = spec.Text("kubeVirtVMAddressPersistence"),
    };

    public static NodeSpec Node(JsonElement? spec) => new()
    {
        Bgp = spec.Object("bgp") is { } bgp ? Bgp(bgp) : null,
        Ipv4VxlanTunnelAddr = spec.Text("ipv4VXLANTunnelAddr"),
        Ipv6VxlanTunnelAddr = spec.Text("ipv6VXLANTunnelAddr"),
        VxlanTunnelMacAddr = spec.Text("vxlanTunnelMACAddr"),
        Addresses = spec.Each("addresses", entry => new NodeAddress(entry.Text("address") ?? "", entry.Text("type") ?? "")),
        OrchRefs = spec.Each("orchRefs", entry => new OrchRef(entry.Text("nodeName") ?? "", entry.Text("orchestrator") ?? "")),
    };

    private static NodeBgp Bgp(JsonElement? bgp) => new()
    {
        Ipv4Address = bgp.Text("ipv4Address"),
        Ipv6Address = bgp.Text("ipv6Address"),
        Ipv4IpipTunnelAddr = bgp.Text("ipv4IPIPTunnelAddr"),
        AsNumber = bgp.TextOrWhole("asNumber"),
        RouteReflectorClusterId = bgp.Text("routeReflectorClusterID"),
    };
}

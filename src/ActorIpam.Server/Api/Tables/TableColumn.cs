using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Server.Api.Tables;

/// <summary>A column that the server prints for <c>kubectl get</c>.</summary>
/// <param name="Heading">The heading.</param>
/// <param name="Cell">The value: a text, a number or a truth value.</param>
/// <param name="IsWide">True when only <c>-o wide</c> shows it.</param>
/// <param name="Type">Its type in the table's description.</param>
internal sealed record TableColumn<T>(string Heading, Func<T, JsonNode?> Cell, bool IsWide = false, string Type = "string");

/// <summary>The columns of the kinds: those of calicoctl (semantics.md §15).</summary>
internal static class ResourceColumns
{
    private static readonly TableColumn<Resource> Name = new("Name", r => r.Metadata.Name);

    private static readonly ImmutableArray<TableColumn<Resource>> Pool =
    [
        Name,
        new("CIDR", r => Spec(r).Cidr),
        new("NAT", r => Spec(r).NatOutgoing ?? false, IsWide: true, "boolean"),
        new("IPIPMode", r => Spec(r).IpipMode, IsWide: true),
        new("VXLANMode", r => Spec(r).VxlanMode, IsWide: true),
        new("Disabled", r => Spec(r).Disabled ?? false, IsWide: true, "boolean"),
        new("DisableBGPExport", r => Spec(r).DisableBgpExport ?? false, IsWide: true, "boolean"),
        new("Selector", r => Spec(r).NodeSelector),
    ];

    private static readonly ImmutableArray<TableColumn<Resource>> Node =
    [
        Name,
        new("ASN", r => ((Node)r).Spec.Bgp?.AsNumber ?? "", IsWide: true),
        new("IPv4", r => ((Node)r).Spec.Bgp?.Ipv4Address ?? "", IsWide: true),
        new("IPv6", r => ((Node)r).Spec.Bgp?.Ipv6Address ?? "", IsWide: true),
    ];

    private static readonly ImmutableArray<TableColumn<Resource>> Reservation =
    [
        Name,
        new("CIDRs", r => string.Join(',', ((IpReservation)r).ReservedCidrs)),
    ];

    private static readonly ImmutableArray<TableColumn<Resource>> Configuration =
    [
        Name,
        new("StrictAffinity", r => Settings(r).StrictAffinity ?? false, Type: "boolean"),
        new("AutoAllocateBlocks", r => Settings(r).AutoAllocateBlocks ?? true, Type: "boolean"),
        new("MaxBlocksPerHost", r => Settings(r).MaxBlocksPerHost ?? 0, IsWide: true, "integer"),
    ];

    public static ImmutableArray<TableColumn<Resource>> Of(ResourceKind kind) => kind switch
    {
        ResourceKind.IPPool => Pool,
        ResourceKind.Node => Node,
        ResourceKind.IPReservation => Reservation,
        _ => Configuration,
    };

    private static IpPoolSpec Spec(Resource resource) => ((IpPool)resource).Spec;

    private static IpamConfigurationSpec Settings(Resource resource) => ((IpamConfiguration)resource).Spec;
}

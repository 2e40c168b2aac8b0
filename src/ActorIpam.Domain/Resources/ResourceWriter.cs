using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace ActorIpam.Domain.Resources;

/// <summary>Writes resources field by field in a fixed order, so that equal resources have equal texts.</summary>
internal static class ResourceWriter
{
    public static void Write(Utf8JsonWriter json, Resource resource)
    {
        json.WriteStartObject();
        json.WriteString("apiVersion", ResourceKinds.ApiVersion);
        json.WriteString("kind", ResourceKinds.Of(resource.Kind).Name);
        WriteMetadata(json, resource.Metadata);
        json.WriteStartObject("spec");
        switch (resource)
        {
            case IpPool pool:
                WriteSpec(json, pool.Spec);
                break;
            case IpReservation reservation:
                WriteTexts(json, "reservedCIDRs", reservation.ReservedCidrs);
                break;
            case IpamConfiguration configuration:
                WriteSpec(json, configuration.Spec);
                break;
            case Node node:
                WriteSpec(json, node.Spec);
                break;
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter json, Metadata metadata)
    {
        json.WriteStartObject("metadata");
        json.WriteString("name", metadata.Name);
        WriteText(json, "namespace", metadata.Namespace);
        WriteText(json, "uid", metadata.Uid);
        WriteText(json, "resourceVersion", metadata.ResourceVersion?.ToString(CultureInfo.InvariantCulture));
        WriteText(json, "creationTimestamp", metadata.CreationTimestamp is { } time ? ResourceTime.Write(time) : null);
        WriteMap(json, "labels", metadata.Labels);
        WriteMap(json, "annotations", metadata.Annotations);
        json.WriteEndObject();
    }

    private static void WriteSpec(Utf8JsonWriter json, IpPoolSpec spec)
    {
        WriteText(json, "cidr", spec.Cidr);
        WriteWhole(json, "blockSize", spec.BlockSize);
        WriteText(json, "ipipMode", spec.IpipMode);
        WriteText(json, "vxlanMode", spec.VxlanMode);
        WriteFlag(json, "natOutgoing", spec.NatOutgoing);
        WriteFlag(json, "disabled", spec.Disabled);
        WriteFlag(json, "disableBGPExport", spec.DisableBgpExport);
        WriteText(json, "nodeSelector", spec.NodeSelector);
        WriteText(json, "namespaceSelector", spec.NamespaceSelector);
        if (spec.AllowedUses is { } uses)
        {
            WriteTexts(json, "allowedUses", uses);
        }

        WriteText(json, "assignmentMode", spec.AssignmentMode);
    }

    private static void WriteSpec(Utf8JsonWriter json, IpamConfigurationSpec spec)
    {
        WriteFlag(json, "strictAffinity", spec.StrictAffinity);
        WriteFlag(json, "autoAllocateBlocks", spec.AutoAllocateBlocks);
        WriteWhole(json, "maxBlocksPerHost", spec.MaxBlocksPerHost);
        WriteWhole(json, "ipCooldownSeconds", spec.IpCooldownSeconds);
        WriteText(json, "kubeVirtVMAddressPersistence", spec.KubeVirtVmAddressPersistence);
    }

    private static void WriteSpec(Utf8JsonWriter json, NodeSpec spec)
    {
        if (spec.Bgp is { } bgp)
        {
            json.WriteStartObject("bgp");
            WriteText(json, "ipv4Address", bgp.Ipv4Address);
            WriteText(json, "ipv6Address", bgp.Ipv6Address);
            WriteText(json, "ipv4IPIPTunnelAddr", bgp.Ipv4IpipTunnelAddr);
            WriteAsNumber(json, bgp.AsNumber);
            WriteText(json, "routeReflectorClusterID", bgp.RouteReflectorClusterId);
            json.WriteEndObject();
        }

        WriteText(json, "ipv4VXLANTunnelAddr", spec.Ipv4VxlanTunnelAddr);
        WriteText(json, "ipv6VXLANTunnelAddr", spec.Ipv6VxlanTunnelAddr);
        WriteText(json, "vxlanTunnelMACAddr", spec.VxlanTunnelMacAddr);
        WriteObjects(json, "addresses", spec.Addresses, address => (("address", address.Address), ("type", address.Type)));
        WriteObjects(json, "orchRefs", spec.OrchRefs, reference => (("nodeName", reference.NodeName), ("orchestrator", reference.Orchestrator)));
    }

    /// <summary>A plain number is written as a number, as other tools do; any other spelling stays a text.</summary>
    private static void WriteAsNumber(Utf8JsonWriter json, string? text)
    {
        if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number.ToString(CultureInfo.InvariantCulture) == text)
        {
            json.WriteNumber("asNumber", number);
        }
        else
        {
            WriteText(json, "asNumber", text);
        }
    }

    private static void WriteObjects<T>(
        Utf8JsonWriter json, string name, ImmutableArray<T> entries, Func<T, ((string Name, string Value) First, (string Name, string Value) Second)> parts)
    {
        if (entries.IsDefaultOrEmpty)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var entry in entries)
        {
            var (first, second) = parts(entry);
            json.WriteStartObject();
            json.WriteString(first.Name, first.Value);
            json.WriteString(second.Name, second.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, ImmutableArray<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts.IsDefault ? [] : texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void WriteMap(Utf8JsonWriter json, string name, ImmutableSortedDictionary<string, string> map)
    {
        if (map.IsEmpty)
        {
            return;
        }

        json.WriteStartObject(name);
        foreach (var (key, value) in map)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteWhole(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void WriteFlag(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } flag)
        {
            json.WriteBoolean(name, flag);
        }
    }
}

using System.Collections.Immutable;
using static ActorIpam.Domain.Resources.FieldType;

namespace ActorIpam.Domain.Resources;

/// <summary>Every field of every kind, in one table: strict reading, the API's description and <c>explain</c> read it.</summary>
public static class ResourceSchema
{
    private static readonly ImmutableArray<string> Modes = ["Never", "Always", "CrossSubnet"];

    private static readonly FieldSchema Metadata = new("metadata", FieldType.Structure, "Name, labels and what the system keeps about the resource.")
    {
        IsRequired = true,
        Fields =
        [
            new("name", Text, "The name, unique for its kind: 1 to 253 letters, digits, '.', '_' and '-'.") { IsRequired = true, IsImmutable = true },
            new("namespace", Text, "Must be left out: all kinds here are cluster-wide."),
            new("uid", Text, "The identity of this very resource; a later one of the same name has another.") { IsReadOnly = true },
            new("resourceVersion", Text, "The version of the last change; when given with an update, the resource must not have changed since."),
            new("creationTimestamp", Time, "When the resource was created.") { IsReadOnly = true },
            new("labels", TextMap, "Names and values that selectors see."),
            new("annotations", TextMap, "Notes for people and tools, at most 262144 bytes in all."),
            new("generation", Ignored, "Accepted and not kept."),
            new("managedFields", Ignored, "Accepted and not kept."),
            new("selfLink", Ignored, "Accepted and not kept."),
        ],
    };

    private static readonly FieldSchema Pool = Kind("A named range of addresses that is carved into blocks.",
        new("cidr", Text, "The range, as address and prefix length without host bits.") { IsRequired = true, IsImmutable = true },
        new("blockSize", Whole, "The prefix length of a block: 20 to 32 for IPv4 (default 26), 116 to 128 for IPv6 (default 122).") { IsImmutable = true, Minimum = 0, Maximum = 128 },
        new("ipipMode", Text, "When packets to these addresses travel in IP-in-IP; IPv4 only, and not together with VXLAN.") { Default = "\"Never\"", EnumValues = Modes },
        new("vxlanMode", Text, "When packets to these addresses travel in VXLAN.") { Default = "\"Never\"", EnumValues = Modes },
        new("natOutgoing", Flag, "Whether packets from these addresses to anywhere outside all pools are masqueraded.") { Default = "false" },
        new("disabled", Flag, "Whether new addresses are refused; those in use stay.") { Default = "false" },
        new("disableBGPExport", Flag, "Whether routes to these addresses are kept from BGP peers.") { Default = "false" },
        new("nodeSelector", Text, "Which nodes the pool serves, by their labels.") { Default = "\"all()\"" },
        new("namespaceSelector", Text, "Which namespaces the pool serves, by their labels; empty means every one."),
        new("allowedUses", TextList, "What its addresses may be used for.") { Default = "[\"Workload\",\"Tunnel\"]", EnumValues = ["Workload", "Tunnel", "LoadBalancer"] },
        new("assignmentMode", Text, "Whether the pool serves every request or only those that name it.") { Default = "\"Automatic\"", EnumValues = ["Automatic", "Manual"] });

    private static readonly FieldSchema Reservation = Kind("Addresses that are never assigned automatically.",
        new FieldSchema("reservedCIDRs", TextList, "Ranges or single addresses of either family."));

    private static readonly FieldSchema Configuration = Kind("How addresses are assigned; the one resource of this kind is named default.",
        new("strictAffinity", Flag, "Whether hosts may use only blocks of their own.") { Default = "false" },
        new("autoAllocateBlocks", Flag, "Whether hosts get blocks on demand.") { Default = "true" },
        new("maxBlocksPerHost", Whole, "The most blocks a host may own; 0 means no limit of its own.") { Default = "0", Minimum = 0, Maximum = 1_000_000 },
        new("ipCooldownSeconds", Whole, "How long a released address rests before it is used again.") { Default = "0", Minimum = 0, Maximum = 1_200 },
        new("kubeVirtVMAddressPersistence", Text, "Whether a virtual machine keeps its addresses.") { Default = "\"Enabled\"", EnumValues = ["Enabled", "Disabled"] });

    private static readonly FieldSchema Host = Kind("A host; its labels are what node selectors see.",
        new("bgp", FieldType.Structure, "The node's addresses and its BGP identity.")
        {
            Fields =
            [
                new("ipv4Address", Text, "The IPv4 address, with the prefix length of the node's subnet."),
                new("ipv6Address", Text, "The IPv6 address, with the prefix length of the node's subnet."),
                new("ipv4IPIPTunnelAddr", Text, "The address of the IP-in-IP tunnel."),
                new("asNumber", TextOrWhole, "The AS number, plain or dotted."),
                new("routeReflectorClusterID", Text, "The cluster id of a route reflector, written as an IPv4 address."),
            ],
        },
        new("ipv4VXLANTunnelAddr", Text, "The address of the IPv4 VXLAN tunnel."),
        new("ipv6VXLANTunnelAddr", Text, "The address of the IPv6 VXLAN tunnel."),
        new("vxlanTunnelMACAddr", Text, "The MAC address of the VXLAN tunnel."),
        new("addresses", StructureList, "Further addresses of the node.")
        {
            Fields =
            [
                new("address", Text, "The address.") { IsRequired = true },
                new("type", Text, "What kind of address it is.") { IsRequired = true, EnumValues = ["CalicoNodeIP", "InternalIP", "ExternalIP"] },
            ],
        },
        new("orchRefs", StructureList, "Which node of an orchestrator this is.")
        {
            Fields =
            [
                new("nodeName", Text, "The name the orchestrator knows the node by."),
                new("orchestrator", Text, "The orchestrator, such as k8s."),
            ],
        });

    /// <summary>The root of a kind: apiVersion, kind, metadata, spec, status.</summary>
    public static FieldSchema Of(ResourceKind kind) => kind switch
    {
        ResourceKind.IPPool => Pool,
        ResourceKind.Node => Host,
        ResourceKind.IPReservation => Reservation,
        _ => Configuration,
    };

    /// <summary>All fields of a kind with their paths (<c>spec.bgp.asNumber</c>, <c>spec.addresses[].type</c>), parents before children.</summary>
    public static IEnumerable<(string Path, FieldSchema Field)> Paths(ResourceKind kind) => Below("", Of(kind));

    private static IEnumerable<(string Path, FieldSchema Field)> Below(string prefix, FieldSchema parent)
    {
        foreach (var field in parent.Fields)
        {
            var path = prefix + field.Name;
            yield return (path, field);
            foreach (var below in Below(path + (field.Type == StructureList ? "[]." : "."), field))
            {
                yield return below;
            }
        }
    }

    private static FieldSchema Kind(string description, params ImmutableArray<FieldSchema> spec) => new("", FieldType.Structure, description)
    {
        Fields =
        [
            new("apiVersion", Text, "The version of this description.") { IsRequired = true, EnumValues = [ResourceKinds.ApiVersion] },
            new("kind", Text, "The kind of the resource.") { IsRequired = true },
            Metadata,
            new("spec", FieldType.Structure, "What is wanted.") { Fields = spec },
            new("status", Ignored, "Accepted and not kept."),
        ],
    };
}

using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Printing;

/// <summary>A column of a table of resources.</summary>
internal sealed record ResourceColumn(string Heading, Func<Resource, string> Value);

/// <summary>Which columns a kind has: calicoctl's (semantics.md §15), and what is in the default and the wide table.</summary>
internal static class ResourceColumns
{
    /// <summary>A list of reservations is cut here.</summary>
    private const int LongestList = 80;

    private static readonly ImmutableArray<ResourceColumn> Pool =
    [
        new("NAME", r => r.Metadata.Name),
        new("CIDR", r => Spec(r).Cidr ?? ""),
        new("NAT", r => Flag(Spec(r).NatOutgoing, otherwise: false)),
        new("IPIPMODE", r => Mode(Spec(r).IpipMode)),
        new("VXLANMODE", r => Mode(Spec(r).VxlanMode)),
        new("DISABLED", r => Flag(Spec(r).Disabled, otherwise: false)),
        new("DISABLEBGPEXPORT", r => Flag(Spec(r).DisableBgpExport, otherwise: false)),
        new("SELECTOR", r => Spec(r).NodeSelector is { Length: > 0 } selector ? selector : "all()"),
        new("BLOCKSIZE", r => Number(Spec(r).BlockSize)),
        new("NAMESPACESELECTOR", r => Spec(r).NamespaceSelector ?? ""),
        new("ALLOWEDUSES", r => string.Join(',', Spec(r).AllowedUses ?? [])),
        new("ASSIGNMENTMODE", r => Spec(r).AssignmentMode ?? "Automatic"),
    ];

    private static readonly ImmutableArray<ResourceColumn> Node =
    [
        new("NAME", r => r.Metadata.Name),
        new("ASN", r => Bgp(r)?.AsNumber ?? ""),
        new("IPV4", r => Bgp(r)?.Ipv4Address ?? ""),
        new("IPV6", r => Bgp(r)?.Ipv6Address ?? ""),
    ];

    private static readonly ImmutableArray<ResourceColumn> Reservation =
    [
        new("NAME", r => r.Metadata.Name),
        new("CIDRS", r => Cut(string.Join(',', ((IpReservation)r).ReservedCidrs))),
    ];

    private static readonly ImmutableArray<ResourceColumn> Configuration =
    [
        new("NAME", r => r.Metadata.Name),
        new("STRICTAFFINITY", r => Flag(Settings(r).StrictAffinity, otherwise: false)),
        new("AUTOALLOCATEBLOCKS", r => Flag(Settings(r).AutoAllocateBlocks, otherwise: true)),
        new("MAXBLOCKSPERHOST", r => Number(Settings(r).MaxBlocksPerHost ?? 0)),
        new("IPCOOLDOWNSECONDS", r => Number(Settings(r).IpCooldownSeconds ?? 0)),
    ];

    /// <exception cref="CommandFailure">The kind has no such column.</exception>
    public static ImmutableArray<ResourceColumn> Choose(ResourceKind kind, OutputFormat format)
    {
        var all = All(kind);
        return format.Kind switch
        {
            OutputKind.CustomColumns => [.. format.Columns.Select(heading => Find(kind, all, heading))],
            OutputKind.Wide => all[..WideCount(kind)],
            _ => kind switch
            {
                ResourceKind.IPPool => [.. all.Where(c => c.Heading is "NAME" or "CIDR" or "SELECTOR")],
                ResourceKind.Node => all[..1],
                ResourceKind.IPAMConfiguration => all[..3],
                _ => all,
            },
        };
    }

    private static ImmutableArray<ResourceColumn> All(ResourceKind kind) => kind switch
    {
        ResourceKind.IPPool => Pool,
        ResourceKind.Node => Node,
        ResourceKind.IPReservation => Reservation,
        _ => Configuration,
    };

    private static int WideCount(ResourceKind kind) => kind switch
    {
        ResourceKind.IPPool => 8,
        ResourceKind.IPReservation => 2,
        _ => 4,
    };

    private static ResourceColumn Find(ResourceKind kind, ImmutableArray<ResourceColumn> all, string heading) =>
        all.FirstOrDefault(c => c.Heading == heading)
        ?? throw new CommandFailure($"{ResourceKinds.Of(kind).Name} has no column '{heading}': there are {string.Join(", ", all.Select(c => c.Heading))}.");

    private static IpPoolSpec Spec(Resource resource) => ((IpPool)resource).Spec;

    private static IpamConfigurationSpec Settings(Resource resource) => ((IpamConfiguration)resource).Spec;

    private static NodeBgp? Bgp(Resource resource) => ((Node)resource).Spec.Bgp;

    private static string Mode(string? mode) => string.IsNullOrEmpty(mode) ? "Never" : mode;

    private static string Flag(bool? flag, bool otherwise) => (flag ?? otherwise) ? "true" : "false";

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Cut(string list) => list.Length <= LongestList ? list : list[..(LongestList - 3)] + "...";
}

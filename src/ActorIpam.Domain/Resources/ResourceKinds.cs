using System.Collections.Frozen;
using System.Collections.Immutable;

namespace ActorIpam.Domain.Resources;

/// <summary>How a kind is called.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Name">As in manifests.</param>
/// <param name="Plural">As in paths of the API.</param>
/// <param name="Singular">The lower-case singular.</param>
/// <param name="Aliases">Further names that users type.</param>
public sealed record ResourceKindNames(ResourceKind Kind, string Name, string Plural, string Singular, ImmutableArray<string> Aliases);

/// <summary>The names of all kinds (semantics.md §15).</summary>
public static class ResourceKinds
{
    public const string ApiGroup = "projectcalico.org";
    public const string ApiVersion = "projectcalico.org/v3";

    public static ImmutableArray<ResourceKindNames> All { get; } =
    [
        new(ResourceKind.IPPool, "IPPool", "ippools", "ippool", ["ipp", "ipps", "pool", "pools"]),
        new(ResourceKind.Node, "Node", "nodes", "node", ["no", "nos"]),
        new(ResourceKind.IPReservation, "IPReservation", "ipreservations", "ipreservation", ["reservation", "reservations"]),
        new(ResourceKind.IPAMConfiguration, "IPAMConfiguration", "ipamconfigurations", "ipamconfiguration", ["ipamconfig", "ipamconfigs"]),
    ];

    private static readonly FrozenDictionary<string, ResourceKind> ByAnyName = All
        .SelectMany(names => names.Aliases.Add(names.Plural).Add(names.Singular), (names, alias) => (alias, names.Kind))
        .ToFrozenDictionary(pair => pair.alias, pair => pair.Kind, StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds a kind by any of its names, in any case.</summary>
    public static bool TryFind(string? name, out ResourceKind kind)
    {
        kind = default;
        return name is not null && ByAnyName.TryGetValue(name, out kind);
    }

    /// <summary>Finds a kind by its name in manifests, in exactly that case.</summary>
    public static bool TryFindExact(string? name, out ResourceKind kind) =>
        TryFind(name, out kind) && Of(kind).Name == name;

    public static ResourceKindNames Of(ResourceKind kind) => All[(int)kind];
}

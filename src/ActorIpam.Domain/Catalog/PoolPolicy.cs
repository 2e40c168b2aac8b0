using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Selectors;

namespace ActorIpam.Domain.Catalog;

/// <summary>A stored pool as deciders see it: texts parsed, defaults filled.</summary>
public sealed record PoolPolicy
{
    public required string Name { get; init; }

    public required string Uid { get; init; }

    public required BlockGrid Grid { get; init; }

    public Cidr Range => Grid.Range;

    public required bool Disabled { get; init; }

    /// <summary>False for a pool that serves only requests that name it (<c>assignmentMode: Manual</c>).</summary>
    public required bool Automatic { get; init; }

    public required ImmutableArray<PoolUse> Uses { get; init; }

    /// <summary>Which nodes it serves; null when the stored text does not parse, which ends a request that meets it (semantics.md §5.1).</summary>
    public required Selector? NodeSelector { get; init; }

    /// <summary>Which namespaces it serves; everything when none was given, null when the stored text does not parse.</summary>
    public required Selector? NamespaceSelector { get; init; }

    public required EncapsulationMode Ipip { get; init; }

    public required EncapsulationMode Vxlan { get; init; }

    public required bool NatOutgoing { get; init; }

    public required bool DisableBgpExport { get; init; }

    public bool Allows(PoolUse use) => Uses.Contains(use);

    /// <exception cref="FormatException">The stored CIDR is none: the catalog never stores such a pool.</exception>
    public static PoolPolicy From(IpPool stored)
    {
        var spec = ((IpPool)ResourceDefaults.Fill(stored)).Spec;
        return new()
        {
            Name = stored.Metadata.Name,
            Uid = stored.Metadata.Uid ?? "",
            Grid = new(Cidr.Parse(spec.Cidr!), spec.BlockSize!.Value),
            Disabled = spec.Disabled!.Value,
            Automatic = spec.AssignmentMode == "Automatic",
            Uses = [.. spec.AllowedUses!.Value.Where(use => PoolUses.TryParse(use, out _)).Select(Enum.Parse<PoolUse>).Distinct()],
            NodeSelector = Parse(spec.NodeSelector),
            NamespaceSelector = Parse(spec.NamespaceSelector),
            Ipip = Mode(spec.IpipMode),
            Vxlan = Mode(spec.VxlanMode),
            NatOutgoing = spec.NatOutgoing!.Value,
            DisableBgpExport = spec.DisableBgpExport!.Value,
        };
    }

    private static Selector? Parse(string? text) => Selector.TryParse(text, out var selector, out _) ? selector : null;

    private static EncapsulationMode Mode(string? text) => EncapsulationModes.TryParse(text, out var mode) ? mode : EncapsulationMode.Never;
}

using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;

namespace ActorIpam.Domain.Resources;

/// <summary>The rules of a pool as given (semantics.md §2.2). What is left out counts as its default, except where the text says otherwise.</summary>
internal static class PoolRules
{
    private const int MostUses = 10;

    private static readonly Cidr LinkLocalV4 = Cidr.Parse("169.254.0.0/16");
    private static readonly Cidr LinkLocalV6 = Cidr.Parse("fe80::/10");

    public static void Check(IpPoolSpec spec, Findings found)
    {
        if (CheckCidr(spec, found) is { } range)
        {
            CheckBlockSize(spec, range, found);
        }

        CheckModes(spec, found);
        CheckUses(spec, found);
        SelectorRules.CheckNode("spec.nodeSelector", spec.NodeSelector, found);
        SelectorRules.CheckNamespace("spec.namespaceSelector", spec.NamespaceSelector, found);
        LoadBalancerRules.Check(spec, found);

        // Without allowedUses the raw object passes; on creation the default uses, Tunnel among them, are filled in first.
        if (!string.IsNullOrEmpty(spec.NamespaceSelector) && Uses(spec).Contains("Tunnel"))
        {
            found.Add(RefusalCode.TunnelNamespaceSelector, "spec.namespaceSelector", "needs allowedUses without Tunnel: tunnels belong to no namespace");
        }

        if (spec.AssignmentMode is not (null or "Automatic" or "Manual"))
        {
            found.Add(RefusalCode.AssignmentModeEnum, "spec.assignmentMode", $"must be Automatic or Manual, not '{spec.AssignmentMode}'");
        }
    }

    /// <summary>The uses as given; none when they were left out.</summary>
    public static ImmutableArray<string> Uses(IpPoolSpec spec) => spec.AllowedUses is { IsDefault: false } uses ? uses : [];

    /// <summary>The range, masked, when the text is a CIDR at all.</summary>
    private static Cidr? CheckCidr(IpPoolSpec spec, Findings found)
    {
        const string field = "spec.cidr";
        if (string.IsNullOrEmpty(spec.Cidr))
        {
            found.Add(RefusalCode.CidrMissing, field, "is required");
            return null;
        }

        if (!Cidr.TryParse(spec.Cidr, out var range, out var written))
        {
            found.Add(RefusalCode.CidrInvalid, field, $"must be an address and a prefix length such as 10.1.0.0/16, not '{spec.Cidr}'");
            return null;
        }

        if (written != range.First)
        {
            found.Add(RefusalCode.CidrNotMasked, field, $"has host bits set: did you mean {range} instead of {spec.Cidr}?");
        }

        if (range.Overlaps(LinkLocalV4) || range.Overlaps(LinkLocalV6))
        {
            found.Add(RefusalCode.LinkLocal, field, $"must not overlap the link-local range {(range.Family == IpFamily.V4 ? LinkLocalV4 : LinkLocalV6)}");
        }

        return range;
    }

    private static void CheckBlockSize(IpPoolSpec spec, Cidr range, Findings found)
    {
        const string field = "spec.blockSize";
        var size = spec.BlockSize is null or 0 ? ResourceDefaults.DefaultBlockSize(range.Family) : spec.BlockSize.Value;
        var (least, most) = range.Family == IpFamily.V4 ? (20, 32) : (116, 128);
        if (size < least || size > most)
        {
            found.Add(RefusalCode.BlocksizeRange, field, $"must be {least} to {most} for IPv{(int)range.Family}, not {size}");
        }
        else if (range.Length > size && spec.Disabled is not true)
        {
            found.Add(RefusalCode.PoolSmallerThanBlock, "spec.cidr", $"{range} is smaller than one block (/{size})");
        }
    }

    private static void CheckModes(IpPoolSpec spec, Findings found)
    {
        var ipip = CheckMode("spec.ipipMode", spec.IpipMode, RefusalCode.IpipEnum, found);
        var vxlan = CheckMode("spec.vxlanMode", spec.VxlanMode, RefusalCode.VxlanEnum, found);
        if (ipip && vxlan)
        {
            found.Add(RefusalCode.BothEncaps, "spec.ipipMode", "and spec.vxlanMode may not both be other than Never");
        }

        if (ipip && Cidr.TryParse(spec.Cidr, out var range) && range.Family == IpFamily.V6)
        {
            found.Add(RefusalCode.IpipOnV6, "spec.ipipMode", "must be Never for an IPv6 pool");
        }
    }

    /// <returns>True when the mode is a valid one other than Never.</returns>
    private static bool CheckMode(string field, string? text, RefusalCode code, Findings found)
    {
        if (!EncapsulationModes.TryParse(text, out var mode))
        {
            found.Add(code, field, $"must be Never, Always or CrossSubnet, not '{text}'");
            return false;
        }

        return mode != EncapsulationMode.Never;
    }

    private static void CheckUses(IpPoolSpec spec, Findings found)
    {
        var uses = Uses(spec);
        if (uses.Length > MostUses)
        {
            found.Add(RefusalCode.UseTooMany, "spec.allowedUses", $"has {uses.Length} entries; at most {MostUses} are allowed");
        }

        for (var i = 0; i < uses.Length; i++)
        {
            if (!PoolUses.TryParse(uses[i], out _))
            {
                found.Add(RefusalCode.UseEnum, $"spec.allowedUses[{i}]", $"must be Workload, Tunnel or LoadBalancer, not '{uses[i]}'");
            }

            if (uses.IndexOf(uses[i]) < i)
            {
                found.Add(RefusalCode.UseRepeated, $"spec.allowedUses[{i}]", $"repeats '{uses[i]}'");
            }
        }
    }
}

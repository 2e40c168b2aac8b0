using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;

namespace ActorIpam.Domain.Resources;

/// <summary>The rules of a resource as given, without a look at others (semantics.md §2): no overlap, no immutability.</summary>
public static class ResourceRules
{
    /// <summary>All refusals, each with code, field path and sentence; empty for a sound resource.</summary>
    public static ImmutableArray<Refusal> Validate(Resource resource)
    {
        var found = new Findings();
        MetadataRules.Check(resource.Metadata, found);
        switch (resource)
        {
            case IpPool pool:
                PoolRules.Check(pool.Spec, found);
                break;
            case IpReservation reservation:
                Check(reservation, found);
                break;
            case IpamConfiguration configuration:
                Check(configuration, found);
                break;
            case Node node:
                NodeRules.Check(node.Spec, found);
                break;
        }

        return found.ToImmutable();
    }

    /// <summary>What is fine here but not with other tools for the same resources.</summary>
    public static ImmutableArray<string> Notes(Resource resource) =>
        MetadataRules.IsLowerCaseSubdomain(resource.Metadata.Name)
            ? []
            : [$"The name '{resource.Metadata.Name}' is refused by other Calico tools: they take lower-case letters, digits, '-' and '.' only, and parts that start and end with a letter or digit."];

    private static void Check(IpReservation reservation, Findings found)
    {
        var entries = reservation.ReservedCidrs.IsDefault ? [] : reservation.ReservedCidrs;
        for (var i = 0; i < entries.Length; i++)
        {
            if (!ReservedRanges.TryRead(entries[i], out _))
            {
                found.Add(RefusalCode.CidrInvalid, $"spec.reservedCIDRs[{i}]", $"must be a CIDR or an address, not '{entries[i]}'");
            }
        }
    }

    private static void Check(IpamConfiguration configuration, Findings found)
    {
        if (configuration.Metadata.Name is not ("default" or ""))
        {
            found.Add(RefusalCode.NameFormat, "metadata.name", $"must be 'default': there is one configuration, not '{configuration.Metadata.Name}'");
        }

        var spec = configuration.Spec;
        found.CheckRange("spec.maxBlocksPerHost", spec.MaxBlocksPerHost, 0, 1_000_000);
        found.CheckRange("spec.ipCooldownSeconds", spec.IpCooldownSeconds, 0, 1_200);
        if (spec.KubeVirtVmAddressPersistence is not (null or "" or "Enabled" or "Disabled"))
        {
            found.Add(RefusalCode.Enum, "spec.kubeVirtVMAddressPersistence", $"must be Enabled or Disabled, not '{spec.KubeVirtVmAddressPersistence}'");
        }
    }
}

using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ActorIpam.Conformance.Cases;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Conformance.Rules;

/// <summary>pools.yaml: the rules of the other kinds, and of the setter of the configuration.</summary>
internal static class ResourceCases
{
    public static void Play(Case one, Findings findings)
    {
        var written = one.Fields.Get("object");
        Verdict.Of(one.Fields, Judge(one.Fields.Text("kind"), written), findings);
        one.Fields.NoOthers();
    }

    private static ImmutableArray<Refusal> Judge(string kind, Value written)
    {
        switch (kind)
        {
            case "BlockAffinity":
                return BlockAffinityRules.Validate(Affinity(written.Map()));
            case "set_ipam_config":
                var flat = Manifest.FlatOf(written);
                flat["name"] = "default";
                return Judge(ResourceKind.IPAMConfiguration, flat, configuration => ConfigurationRules.Check(((IpamConfiguration)configuration).Spec));
            default:
                return ResourceKinds.TryFindExact(kind, out var known)
                    ? Judge(known, Manifest.FlatOf(written), _ => [])
                    : throw new CaseFormatException(written.Path, $"unknown kind '{kind}'.");
        }
    }

    private static ImmutableArray<Refusal> Judge(ResourceKind kind, JsonObject flat, Func<Resource, ImmutableArray<Refusal>> further)
    {
        var read = Manifest.Read(kind, flat);
        return read.IsRefused ? read.Refusals : ResourceRules.Validate(ResourceDefaults.Fill(read.Value)).AddRange(further(read.Value));
    }

    private static BlockAffinity Affinity(Fields fields)
    {
        var affinity = new BlockAffinity(
            fields.TextOrNull("name") ?? "",
            fields.TextOrNull("state"),
            fields.TextOrNull("node"),
            fields.TextOrNull("type"),
            fields.TextOrNull("cidr"),
            fields.Flag("deleted", false));
        fields.NoOthers();
        return affinity;
    }
}

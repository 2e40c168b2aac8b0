using System.Text.Json;
using System.Text.Json.Nodes;
using ActorIpam.Conformance.Cases;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Conformance.Rules;

/// <summary>Resources as cases write them, flat, and as manifests write them, with metadata and spec.</summary>
internal static class Manifest
{
    private static readonly string[] MetadataFields = ["name", "labels", "annotations", "namespace", "uid", "resourceVersion"];

    /// <summary>A pool as the case wrote it, with the name that it gets when it has none: its CIDR.</summary>
    public static JsonObject PoolOf(Value value)
    {
        var pool = FlatOf(value);
        if (!pool.ContainsKey("name"))
        {
            pool["name"] = PoolName(pool["cidr"]?.GetValue<string>() ?? throw new CaseFormatException(value.Path, "a pool has a cidr."));
        }

        return pool;
    }

    public static JsonObject NodeOf(string name, Value labels) => new() { ["name"] = name, ["labels"] = LabelsOf(labels) };

    public static JsonObject FlatOf(Value value)
    {
        var flat = new JsonObject();
        foreach (var (name, field) in value.Map().Take())
        {
            flat[name] = name is "labels" or "annotations" ? LabelsOf(field) : field.Json();
        }

        return flat;
    }

    /// <summary>A pool's name as a resource name. Pools without a name are called by their CIDR, whose signs no name may hold.</summary>
    /// <remarks>Names order pools, so the order of the texts is kept: <c>/</c> stands before digits, <c>:</c> between digits and letters.</remarks>
    public static string PoolName(string text)
    {
        if (!text.Contains('/', StringComparison.Ordinal))
        {
            return text;
        }

        var name = text.Replace('/', '-').Replace(':', '_');
        return name[0] == '_' ? "Z" + name : name;
    }

    /// <summary>Reads the flat form strictly, as a manifest.</summary>
    public static Answer<Resource> Read(ResourceKind kind, JsonObject flat)
    {
        var (metadata, spec) = (new JsonObject(), new JsonObject());
        foreach (var (name, value) in flat)
        {
            (MetadataFields.Contains(name) ? metadata : spec)[name] = value?.DeepClone();
        }

        var manifest = new JsonObject
        {
            ["apiVersion"] = ResourceKinds.ApiVersion,
            ["kind"] = ResourceKinds.Of(kind).Name,
            ["metadata"] = metadata,
            ["spec"] = spec,
        };
        using var document = JsonDocument.Parse(manifest.ToJsonString());
        return ResourceJson.Read(document.RootElement);
    }

    /// <summary>The fields of a stored resource's spec and name, as a case writes them.</summary>
    public static JsonObject FlatOf(Resource stored)
    {
        var json = JsonNode.Parse(ResourceJson.Write(stored))!;
        var flat = (JsonObject?)json["spec"]?.DeepClone() ?? [];
        flat["name"] = stored.Metadata.Name;
        return flat;
    }

    /// <summary>Labels are texts, also when they look like numbers.</summary>
    private static JsonObject LabelsOf(Value labels) =>
        new(labels.Map().Take().Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value.Text())));
}

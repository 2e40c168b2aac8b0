using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace ActorIpam.Domain.Resources;

/// <summary>Resources as JSON in Calico's shape. Reading what was written gives an equal resource.</summary>
public static class ResourceJson
{
    /// <summary>Reads strictly: unknown fields and wrong types are refused, all of them, each with its path. The rules of the kind are not looked at.</summary>
    /// <returns>The resource, or refusals of the codes Malformed, UnknownField, UnknownKind and WrongType.</returns>
    public static Answer<Resource> Read(JsonElement body)
    {
        var found = new Findings();
        if (body.ValueKind != JsonValueKind.Object)
        {
            return new Refusal(RefusalCode.Malformed, "A resource must be a JSON object.");
        }

        if (ReadKind(body, found) is not { } kind)
        {
            return found.ToImmutable();
        }

        new SchemaCheck(found).Check(body, ResourceSchema.Of(kind), "");
        var refusals = found.ToImmutable();
        return refusals.IsEmpty ? Build(kind, body, found) : refusals;
    }

    /// <summary>Writes the canonical form, as <c>kubectl get -o json</c> shows it; what is null is left out.</summary>
    public static void Write(Utf8JsonWriter json, Resource resource) => ResourceWriter.Write(json, resource);

    /// <inheritdoc cref="Write(Utf8JsonWriter, Resource)"/>
    public static string Write(Resource resource) => JsonText.Write(json => ResourceWriter.Write(json, resource));

    private static ResourceKind? ReadKind(JsonElement body, Findings found)
    {
        var version = Head(body, "apiVersion", found);
        var name = Head(body, "kind", found);
        if (version is not null && version != ResourceKinds.ApiVersion)
        {
            found.Add(RefusalCode.UnknownKind, "apiVersion", $"must be {ResourceKinds.ApiVersion}, not '{version}'");
        }

        if (name is null)
        {
            return null;
        }

        if (ResourceKinds.TryFindExact(name, out var kind))
        {
            return version is null ? null : kind;
        }

        found.Add(RefusalCode.UnknownKind, "kind", $"must be {string.Join(", ", ResourceKinds.All.Select(names => names.Name))}, not '{name}'");
        return null;
    }

    private static string? Head(JsonElement body, string field, Findings found)
    {
        if (!body.TryGetProperty(field, out var json) || json.ValueKind == JsonValueKind.Null)
        {
            found.Add(RefusalCode.UnknownKind, field, "is required");
            return null;
        }

        if (json.ValueKind != JsonValueKind.String)
        {
            found.Add(RefusalCode.WrongType, field, "must be a text");
            return null;
        }

        if (SchemaCheck.TryText(json, out var text))
        {
            return text;
        }

        found.Add(RefusalCode.Malformed, field, "is not valid Unicode text");
        return null;
    }

    private static Answer<Resource> Build(ResourceKind kind, JsonElement body, Findings found)
    {
        var metadata = ReadMetadata(body.Object("metadata"), found);
        var refusals = found.ToImmutable();
        if (!refusals.IsEmpty)
        {
            return refusals;
        }

        var spec = body.Object("spec");
        return kind switch
        {
            ResourceKind.IPPool => new IpPool(metadata, SpecReader.Pool(spec)),
            ResourceKind.Node => new Node(metadata, SpecReader.Node(spec)),
            ResourceKind.IPReservation => new IpReservation(metadata, spec.Texts("reservedCIDRs") ?? []),
            _ => (Resource)new IpamConfiguration(metadata, SpecReader.Configuration(spec)),
        };
    }

    private static Metadata ReadMetadata(JsonElement? json, Findings found) => new(json.Text("name") ?? "")
    {
        Namespace = json.Text("namespace"),
        Uid = json.Text("uid"),
        ResourceVersion = ReadVersion(json.Text("resourceVersion"), found),
        CreationTimestamp = ResourceTime.TryParse(json.Text("creationTimestamp"), out var time) ? time : null,
        Labels = json.Map("labels"),
        Annotations = json.Map("annotations"),
    };

    private static long? ReadVersion(string? text, Findings found)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            found.Add(RefusalCode.Malformed, "metadata.resourceVersion", $"must be a number in quotes, not '{text}'");
        }

        return version;
    }
}

using System.Text.Json.Nodes;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Server.Api.Describing;

/// <summary>The table of fields as schemas of OpenAPI: the same in both versions of it.</summary>
internal static class SchemaDocument
{
    public const string KindMark = "x-kubernetes-group-version-kind";

    /// <summary>The schemas of all kinds, by name.</summary>
    public static JsonObject Schemas() => new(ResourceKinds.All.Select(names =>
    {
        var schema = Schema(ResourceSchema.Of(names.Kind));
        schema["properties"]!.AsObject()["kind"]!["enum"] = new JsonArray(names.Name);
        schema[KindMark] = new JsonArray(Kind(names));
        return KeyValuePair.Create(NameOf(names), (JsonNode?)schema);
    }));

    public static string NameOf(ResourceKindNames names) => "org.projectcalico.v3." + names.Name;

    public static JsonObject Kind(ResourceKindNames names) => new() { ["group"] = ResourceKinds.ApiGroup, ["kind"] = names.Name, ["version"] = "v3" };

    private static JsonObject Schema(FieldSchema field)
    {
        var schema = new JsonObject { ["description"] = field.Description };
        switch (field.Type)
        {
            case FieldType.Structure:
                Describe(schema, field);
                break;
            case FieldType.StructureList:
                var entry = new JsonObject { ["description"] = field.Description };
                Describe(entry, field);
                (schema["type"], schema["items"]) = ("array", entry);
                break;
            case FieldType.TextList:
                (schema["type"], schema["items"]) = ("array", Enumerated(new() { ["type"] = "string" }, field));
                break;
            case FieldType.TextMap:
                (schema["type"], schema["additionalProperties"]) = ("object", new JsonObject { ["type"] = "string" });
                break;
            case FieldType.Whole:
                (schema["type"], schema["format"]) = ("integer", "int32");
                break;
            case FieldType.TextOrWhole:
                (schema["type"], schema["format"]) = ("string", "int-or-string");
                break;
            case FieldType.Flag:
                schema["type"] = "boolean";
                break;
            case FieldType.Time:
                (schema["type"], schema["format"]) = ("string", "date-time");
                break;
            case FieldType.Text:
                schema["type"] = "string";
                Enumerated(schema, field);
                break;
        }

        Bound(schema, field);
        return schema;
    }

    private static void Describe(JsonObject schema, FieldSchema field)
    {
        schema["type"] = "object";
        if (field.Fields.Where(inner => inner.IsRequired).Select(inner => (JsonNode)inner.Name).ToArray() is { Length: > 0 } required)
        {
            schema["required"] = new JsonArray(required);
        }

        schema["properties"] = new JsonObject(field.Fields.Select(inner => KeyValuePair.Create(inner.Name, (JsonNode?)Schema(inner))));
    }

    private static JsonObject Enumerated(JsonObject schema, FieldSchema field)
    {
        if (!field.EnumValues.IsEmpty)
        {
            schema["enum"] = new JsonArray([.. field.EnumValues.Select(value => (JsonNode)value)]);
        }

        return schema;
    }

    private static void Bound(JsonObject schema, FieldSchema field)
    {
        if (field.Default is { } value)
        {
            schema["default"] = JsonNode.Parse(value);
        }

        if (field.Minimum is { } least)
        {
            schema["minimum"] = least;
        }

        if (field.Maximum is { } most)
        {
            schema["maximum"] = most;
        }

        if (field.IsReadOnly)
        {
            schema["readOnly"] = true;
        }
    }
}

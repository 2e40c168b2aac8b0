using System.Text.Json.Nodes;

namespace ActorIpam.Server.Api.Describing;

/// <summary>An OpenAPI 2 document in the binary form that old Kubernetes clients read (the <c>openapi.v2</c> messages of gnostic).</summary>
/// <remarks>The numbers are the field numbers of those messages.</remarks>
internal static class OpenApiBinary
{
    /// <summary>What the Accept header of a client that wants this form contains.</summary>
    public const string Mark = "proto-openapi.spec.v2";

    public static byte[] Write(JsonObject document) => new Protobuf()
        .Text(1, document["swagger"])
        .Message(2, new Protobuf().Text(1, document["info"]!["title"]).Text(2, document["info"]!["version"]))
        .Message(8, Named(document["paths"]!.AsObject(), 2, Path))
        .Message(9, Named(document["definitions"]!.AsObject(), 1, Schema))
        .ToArray();

    /// <summary>A map is a list of pairs.</summary>
    private static Protobuf Named(JsonObject members, int field, Func<JsonObject, Protobuf> write)
    {
        var map = new Protobuf();
        foreach (var (name, value) in members)
        {
            map.Message(field, new Protobuf().Text(1, name).Message(2, write(value!.AsObject())));
        }

        return map;
    }

    private static Protobuf Path(JsonObject path)
    {
        var item = new Protobuf();
        foreach (var (verb, field) in new[] { ("get", 2), ("put", 3), ("post", 4), ("delete", 5), ("patch", 8) })
        {
            if (path[verb] is JsonObject operation)
            {
                item.Message(field, Operation(operation));
            }
        }

        return item;
    }

    private static Protobuf Operation(JsonObject operation)
    {
        var message = new Protobuf();
        foreach (var parameter in operation["parameters"]!.AsArray())
        {
            var query = new Protobuf().Text(2, parameter!["in"]).Text(4, parameter["name"]).Text(6, parameter["type"]);
            message.Message(8, new Protobuf().Message(1, new Protobuf().Message(2, new Protobuf().Message(3, query))));
        }

        return message.Message(9, new Protobuf()).Message(13, Extension(operation[SchemaDocument.KindMark]!));
    }

    private static Protobuf Schema(JsonObject schema)
    {
        var message = new Protobuf()
            .Text(2, schema["format"])
            .Text(4, schema["description"])
            .Any(5, schema["default"])
            .Number(7, schema["maximum"])
            .Number(9, schema["minimum"]);
        foreach (var required in schema["required"]?.AsArray() ?? [])
        {
            message.Text(19, required);
        }

        foreach (var value in schema["enum"]?.AsArray() ?? [])
        {
            message.Any(20, value);
        }

        if (schema["additionalProperties"] is JsonObject more)
        {
            message.Message(21, new Protobuf().Message(1, Schema(more)));
        }

        if (schema["type"] is { } type)
        {
            message.Message(22, new Protobuf().Text(1, type));
        }

        if (schema["items"] is JsonObject items)
        {
            message.Message(23, new Protobuf().Message(1, Schema(items)));
        }

        if (schema["properties"] is JsonObject properties)
        {
            message.Message(25, Named(properties, 1, Schema));
        }

        return schema[SchemaDocument.KindMark] is { } kind ? message.Message(31, Extension(kind)) : message;
    }

    private static Protobuf Extension(JsonNode kind) => new Protobuf().Text(1, SchemaDocument.KindMark).Any(2, kind);
}

using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ActorIpam.Client.Answers;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using Microsoft.Net.Http.Headers;

namespace ActorIpam.Server.Api.Tables;

/// <summary>How a caller wants to see resources: as they are, or as the rows of a table (<c>Accept: application/json;as=Table;v=v1;g=meta.k8s.io</c>).</summary>
/// <param name="TableVersion">v1 or v1beta1; null for plain objects.</param>
/// <param name="Including">What each row carries of its object: Metadata, Object or None.</param>
internal sealed record Presentation(string? TableVersion, string Including)
{
    private const string MetaGroup = "meta.k8s.io";

    public static Received<Presentation> Of(HttpRequest request)
    {
        var including = request.Parameter("includeObject") ?? "Metadata";
        return including is "Metadata" or "Object" or "None"
            ? new Presentation(request.GetTypedHeaders().Accept.Select(VersionOf).FirstOrDefault(version => version is not null) is { Length: > 0 } table ? table : null, including)
            : RefusalStatus.Of(new Refusal(RefusalCode.Malformed, "includeObject must be Metadata, Object or None.", "includeObject"));
    }

    /// <summary>One object: itself, or a table with one row.</summary>
    public JsonObject Show<T>(T item, string? resourceVersion, ImmutableArray<TableColumn<T>> columns, Func<T, JsonObject> whole) =>
        TableVersion is null ? whole(item) : Table([item], new() { ["resourceVersion"] = resourceVersion }, columns, whole);

    /// <summary>A list: its items, or a table with a row each.</summary>
    /// <param name="kind">The name of the kind.</param>
    /// <param name="items">The items.</param>
    /// <param name="metadata">Of the list.</param>
    /// <param name="columns">For a table.</param>
    /// <param name="whole">An item as it is.</param>
    public JsonObject ShowList<T>(string kind, ImmutableArray<T> items, JsonObject metadata, ImmutableArray<TableColumn<T>> columns, Func<T, JsonObject> whole) =>
        TableVersion is not null ? Table(items, metadata, columns, whole) : new()
        {
            ["apiVersion"] = ResourceKinds.ApiVersion,
            ["kind"] = kind + "List",
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. items.Select(whole)]),
        };

    public static JsonObject Whole(Resource resource) => JsonNode.Parse(ResourceJson.Write(resource))!.AsObject();

    private JsonObject Table<T>(ImmutableArray<T> items, JsonObject metadata, ImmutableArray<TableColumn<T>> columns, Func<T, JsonObject> whole) => new()
    {
        ["kind"] = "Table",
        ["apiVersion"] = $"{MetaGroup}/{TableVersion}",
        ["metadata"] = metadata,
        ["columnDefinitions"] = new JsonArray([.. columns.Select(column => (JsonNode)new JsonObject
        {
            ["name"] = column.Heading,
            ["type"] = column.Type,
            ["format"] = column.Heading == "Name" ? "name" : "",
            ["description"] = "",
            ["priority"] = column.IsWide ? 1 : 0,
        })]),
        ["rows"] = new JsonArray([.. items.Select(item => Row(item, columns, whole))]),
    };

    private JsonObject Row<T>(T item, ImmutableArray<TableColumn<T>> columns, Func<T, JsonObject> whole)
    {
        var row = new JsonObject { ["cells"] = new JsonArray([.. columns.Select(column => column.Cell(item))]) };
        if (Including != "None")
        {
            row["object"] = Including == "Object" ? whole(item) : new()
            {
                ["kind"] = "PartialObjectMetadata",
                ["apiVersion"] = $"{MetaGroup}/{TableVersion}",
                ["metadata"] = whole(item)["metadata"]!.DeepClone(),
            };
        }

        return row;
    }

    /// <summary>The version of a table, empty for plain JSON, null for what is not served here.</summary>
    private static string? VersionOf(MediaTypeHeaderValue accepted)
    {
        if (accepted.MediaType.Value is not ("application/json" or "application/*" or "*/*"))
        {
            return null;
        }

        var parameters = accepted.Parameters.ToDictionary(p => p.Name.Value ?? "", p => p.Value.Value, StringComparer.OrdinalIgnoreCase);
        return parameters.GetValueOrDefault("as") switch
        {
            null => "",
            "Table" when parameters.GetValueOrDefault("g") == MetaGroup && parameters.GetValueOrDefault("v") is "v1" or "v1beta1" => parameters["v"],
            _ => null,
        };
    }
}

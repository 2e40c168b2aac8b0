using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Server.Api.Describing;

/// <summary>What the kinds look like, for <c>kubectl explain</c> and for clients that check before they send: OpenAPI 3, and 2 for older ones.</summary>
internal static class OpenApi
{
    private const string GroupPath = "/openapi/v3/apis/" + ResourceKinds.ApiVersion;

    /// <summary>What a PATCH takes; clients look here to learn whether dry runs and field validation are possible.</summary>
    private static readonly string[] PatchParameters = ["dryRun", "fieldManager", "fieldValidation", "force"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = Encoding.UTF8.GetBytes(Version3().ToJsonString());
        var hash = Convert.ToHexString(SHA256.HashData(group));
        var index = new JsonObject
        {
            ["paths"] = new JsonObject { ["apis/" + ResourceKinds.ApiVersion] = new JsonObject { ["serverRelativeURL"] = $"{GroupPath}?hash={hash}" } },
        };
        var utf8Index = Encoding.UTF8.GetBytes(index.ToJsonString());
        routes.MapGet("/openapi/v3", context => context.Response.WriteJsonAsync(200, utf8Index));
        routes.MapGet(GroupPath, context => context.Response.WriteJsonAsync(200, group));

        var version2 = Version2();
        var (json, binary) = (Encoding.UTF8.GetBytes(version2.ToJsonString()), OpenApiBinary.Write(version2));
        routes.MapGet("/openapi/v2", async context =>
        {
            // Clients of before version 3 ask for nothing but this binary form.
            var wantsBinary = context.Request.Headers.Accept.ToString().Contains(OpenApiBinary.Mark, StringComparison.Ordinal);
            await context.Response.WriteJsonAsync(200, wantsBinary ? binary : json);
        });
    }

    private static JsonObject Version3() => new()
    {
        ["openapi"] = "3.0.0",
        ["info"] = Info(),
        ["paths"] = Paths(name => new JsonObject { ["name"] = name, ["in"] = "query", ["schema"] = new JsonObject { ["type"] = "string" } }),
        ["components"] = new JsonObject { ["schemas"] = SchemaDocument.Schemas() },
    };

    private static JsonObject Version2() => new()
    {
        ["swagger"] = "2.0",
        ["info"] = Info(),
        ["paths"] = Paths(name => new JsonObject { ["name"] = name, ["in"] = "query", ["type"] = "string" }),
        ["definitions"] = SchemaDocument.Schemas(),
    };

    private static JsonObject Info() => new() { ["title"] = "ActorIpam", ["version"] = "v3" };

    private static JsonObject Paths(Func<string, JsonNode> parameter) => new(ResourceKinds.All.SelectMany(names =>
    {
        var path = $"/apis/{ResourceKinds.ApiVersion}/{names.Plural}";
        return new[]
        {
            KeyValuePair.Create(path, (JsonNode?)new JsonObject { ["get"] = Operation(names, []), ["post"] = Operation(names, []) }),
            KeyValuePair.Create(path + "/{name}", (JsonNode?)new JsonObject
            {
                ["get"] = Operation(names, []),
                ["put"] = Operation(names, []),
                ["delete"] = Operation(names, []),
                ["patch"] = Operation(names, [.. PatchParameters.Select(parameter)]),
            }),
        };
    }));

    private static JsonObject Operation(ResourceKindNames names, JsonNode[] parameters) => new()
    {
        [SchemaDocument.KindMark] = SchemaDocument.Kind(names),
        ["parameters"] = new JsonArray(parameters),
        ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
    };
}

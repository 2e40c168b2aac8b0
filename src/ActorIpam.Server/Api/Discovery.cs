using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Server.Api;

/// <summary>The documents by which Kubernetes clients find out what is here.</summary>
internal static class Discovery
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        Document(routes, "/version", Version());
        Document(routes, "/api", new() { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1") });
        Document(routes, "/apis", new() { ["kind"] = "APIGroupList", ["apiVersion"] = "v1", ["groups"] = new JsonArray(Group()) });
        Document(routes, $"/apis/{ResourceKinds.ApiGroup}", Group());
        Document(routes, $"/apis/{ResourceKinds.ApiVersion}", Resources());
    }

    private static void Document(IEndpointRouteBuilder routes, string path, JsonObject document)
    {
        var utf8 = Encoding.UTF8.GetBytes(document.ToJsonString());
        routes.MapGet(path, context => context.Response.WriteJsonAsync(200, utf8));
    }

    private static JsonObject Version()
    {
        var version = typeof(Discovery).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        var parts = version.Split('.', 3);
        return new() { ["major"] = parts[0], ["minor"] = parts[1], ["gitVersion"] = "v" + version, ["platform"] = "dotnet/" + Environment.Version };
    }

    private static JsonObject Group()
    {
        JsonObject Served() => new() { ["groupVersion"] = ResourceKinds.ApiVersion, ["version"] = "v3" };
        return new()
        {
            ["kind"] = "APIGroup",
            ["apiVersion"] = "v1",
            ["name"] = ResourceKinds.ApiGroup,
            ["versions"] = new JsonArray(Served()),
            ["preferredVersion"] = Served(),
        };
    }

    private static JsonObject Resources() => new()
    {
        ["kind"] = "APIResourceList",
        ["apiVersion"] = "v1",
        ["groupVersion"] = ResourceKinds.ApiVersion,
        ["resources"] = new JsonArray([.. ResourceKinds.All.Select(names => (JsonNode)new JsonObject
        {
            ["name"] = names.Plural,
            ["singularName"] = names.Singular,
            ["namespaced"] = false,
            ["kind"] = names.Name,
            ["verbs"] = new JsonArray("create", "delete", "get", "list", "patch", "update"),
            ["shortNames"] = new JsonArray([.. names.Aliases.Select(alias => (JsonNode)alias)]),
        })]),
    };
}

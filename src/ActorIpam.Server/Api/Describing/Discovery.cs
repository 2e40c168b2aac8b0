using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using ActorIpam.Client.Answers;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Server.Api.Describing;

/// <summary>The documents by which Kubernetes clients find out what is here.</summary>
internal static class Discovery
{
    private static readonly string[] Verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        Document(routes, "/version", Version());
        Document(routes, "/api", new() { ["kind"] = "APIVersions", ["versions"] = new JsonArray() });
        Document(routes, "/apis", new() { ["kind"] = "APIGroupList", ["apiVersion"] = "v1", ["groups"] = new JsonArray(Group()) });
        Document(routes, $"/apis/{ResourceKinds.ApiGroup}", Group());
        Document(routes, $"/apis/{ResourceKinds.ApiVersion}", ResourceList(ResourceKinds.ApiVersion,
        [
            .. ResourceKinds.All.Select(names => Resource(names.Plural, names.Singular, names.Name, Verbs, [.. names.Aliases])),
            Resource("blockaffinities", "blockaffinity", "BlockAffinity", ["get", "list"], []),
            Resource("ipamblocks", "ipamblock", "IPAMBlock", ["get", "list"], []),
        ]));

        var namespaced = RefusalStatus.Of(404, $"The resources of {ResourceKinds.ApiGroup} belong to no namespace; leave it out.");
        routes.Map($"/apis/{ResourceKinds.ApiVersion}/namespaces/{{**rest}}", context => context.Response.WriteAsync(namespaced));
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

    private static JsonObject ResourceList(string version, JsonNode[] resources) => new()
    {
        ["kind"] = "APIResourceList",
        ["apiVersion"] = "v1",
        ["groupVersion"] = version,
        ["resources"] = new JsonArray(resources),
    };

    private static JsonObject Resource(string plural, string singular, string kind, string[] verbs, string[] shortNames) => new()
    {
        ["name"] = plural,
        ["singularName"] = singular,
        ["namespaced"] = false,
        ["kind"] = kind,
        ["verbs"] = new JsonArray([.. verbs.Select(verb => (JsonNode)verb)]),
        ["shortNames"] = new JsonArray([.. shortNames.Select(name => (JsonNode)name)]),
    };
}

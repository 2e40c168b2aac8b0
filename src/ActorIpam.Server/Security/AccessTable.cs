using System.Collections.Frozen;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Server.Security;

/// <summary>Every route and who may call it (protocol.md §6). What stands here and what docs/security.md says are held together by a test.</summary>
/// <remarks>A route that is missing here is served to operators alone, and fails the test that walks all routes.</remarks>
internal static class AccessTable
{
    private const string Kinds = "/apis/" + ResourceKinds.ApiVersion;

    public static FrozenDictionary<string, AccessRule> Rules { get; } = All().ToFrozenDictionary(rule => rule.Route, rule => rule.Rule, StringComparer.Ordinal);

    /// <param name="route">Method and pattern as they are mapped, such as <c>GET /ipam/v1/addresses/{ip}</c>; <c>*</c> for any method.</param>
    public static AccessRule Of(string route) => Rules.GetValueOrDefault(route, AccessRule.Operator);

    private static IEnumerable<(string Route, AccessRule Rule)> All() => [.. Process(), .. Addresses(), .. Blocks(), .. Recovery(), .. Tokens(), .. Discovery(), .. Resources()];

    private static (string, AccessRule)[] Process() =>
    [
        ("GET /healthz", AccessRule.Open),
        ("GET /readyz", AccessRule.Open),
        ("GET /metrics", AccessRule.Viewer),
        ("GET /cluster/v1/ingest", AccessRule.Viewer),
        ("GET /cluster/v1/members", AccessRule.Viewer),
        ("POST /cluster/v1/members/{name}/leave", AccessRule.Operator),
        ("GET /cluster/v1/shards", AccessRule.Viewer),
        ("GET /cluster/v1/actors", AccessRule.Viewer),
        ("GET /cluster/v1/actors/{**stream}", AccessRule.Viewer),
        ("GET /cluster/v1/journal", AccessRule.Viewer),
        ("GET /cluster/v1/journal/{**stream}", AccessRule.Viewer),
    ];

    private static (string, AccessRule)[] Addresses() =>
    [
        ("POST /ipam/v1/assign", AccessRule.Allocator(OwnHost.InBody)),
        ("POST /ipam/v1/assign-ip", AccessRule.Allocator(OwnHost.InBody)),
        ("POST /ipam/v1/release", AccessRule.Allocator(OwnHost.InState)),
        ("POST /ipam/v1/release-handle", AccessRule.Allocator(OwnHost.InState)),
        ("POST /ipam/v1/gc", AccessRule.Allocator(OwnHost.InBody)),
        ("GET /ipam/v1/addresses", AccessRule.ViewerAndAllocator(OwnHost.InQuery)),
        ("GET /ipam/v1/addresses/{ip}", AccessRule.ViewerAndAllocator(OwnHost.InState)),
        ("GET /ipam/v1/addresses/{ip}/history", AccessRule.Viewer),
        ("GET /ipam/v1/history", AccessRule.Viewer),
        ("GET /ipam/v1/history/blocks", AccessRule.Viewer),
        ("GET /ipam/v1/history/resources", AccessRule.Viewer),
        ("POST /ipam/v1/redact", AccessRule.Operator),
    ];

    private static (string, AccessRule)[] Blocks() =>
    [
        ("POST /ipam/v1/ensure-block", AccessRule.Allocator(OwnHost.InBody)),
        ("POST /ipam/v1/affinities/claim", AccessRule.Allocator(OwnHost.InBody)),
        ("POST /ipam/v1/affinities/release", AccessRule.Allocator(OwnHost.InBody)),
        ("DELETE /ipam/v1/hosts/{host}", AccessRule.Allocator(OwnHost.InPath)),
        ("POST /ipam/v1/split", AccessRule.Operator),
        ("GET /ipam/v1/blocks", AccessRule.ViewerAndAllocator(OwnHost.InQuery)),
        ("GET /ipam/v1/routes/{node}", AccessRule.ViewerAndAllocator(OwnHost.InPath)),
        ("GET /ipam/v1/utilization", AccessRule.Viewer),
        ("GET /ipam/v1/check", AccessRule.Viewer),
        ("POST /ipam/v1/check/repair", AccessRule.Operator),
        ("GET /ipam/v1/explain", AccessRule.Viewer),

        // It tells what changes would do, and does nothing.
        ("POST /ipam/v1/impact", AccessRule.Viewer),
    ];

    private static (string, AccessRule)[] Recovery() =>
    [
        ("GET /ipam/v1/recovery", AccessRule.Viewer),
        ("POST /ipam/v1/recovery/report", AccessRule.Allocator(OwnHost.InBody)),
        ("POST /ipam/v1/recovery/end", AccessRule.Operator),
    ];

    private static (string, AccessRule)[] Tokens() =>
    [
        ("GET /ipam/v1/access", AccessRule.AnyRole),
        ("GET /ipam/v1/tokens", AccessRule.Operator),
        ("POST /ipam/v1/tokens", AccessRule.Operator),
        ("DELETE /ipam/v1/tokens/{name}", AccessRule.Operator),
    ];

    private static (string, AccessRule)[] Discovery() =>
    [
        .. new[] { "/version", "/api", "/apis", $"/apis/{ResourceKinds.ApiGroup}", Kinds, "/openapi/v3", $"/openapi/v3{Kinds}", "/openapi/v2" }
            .Select(path => ($"GET {path}", AccessRule.AnyRole)),
        ($"* {Kinds}/namespaces/{{**rest}}", AccessRule.AnyRole),
    ];

    private static IEnumerable<(string, AccessRule)> Resources()
    {
        foreach (var names in ResourceKinds.All)
        {
            var (many, one) = ($"{Kinds}/{names.Plural}", $"{Kinds}/{names.Plural}/{{name}}");
            yield return ($"GET {many}", Reading(names.Kind, OwnHost.InSelector));
            yield return ($"GET {one}", Reading(names.Kind, OwnHost.InPath));
            yield return ($"POST {many}", AccessRule.Operator);
            yield return ($"PUT {one}", AccessRule.Operator);
            yield return ($"PATCH {one}", AccessRule.Operator);
            yield return ($"DELETE {one}", AccessRule.Operator);
        }

        foreach (var view in new[] { "blockaffinities", "ipamblocks" })
        {
            yield return ($"GET {Kinds}/{view}", AccessRule.Viewer);
            yield return ($"GET {Kinds}/{view}/{{name}}", AccessRule.Viewer);
        }
    }

    /// <summary>An allocator must know the pools it assigns from, and its own node.</summary>
    private static AccessRule Reading(ResourceKind kind, OwnHost ownNode) => kind switch
    {
        ResourceKind.IPPool => AccessRule.AnyRole,
        ResourceKind.Node => AccessRule.ViewerAndAllocator(ownNode),
        _ => AccessRule.Viewer,
    };
}

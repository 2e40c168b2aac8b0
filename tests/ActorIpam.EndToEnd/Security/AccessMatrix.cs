using ActorIpam.Domain.Resources;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd.Security;

/// <summary>One route, who may call it, and a call that shows it.</summary>
/// <param name="Route">Method and pattern, as <c>GET /ipam/v1/access</c> lists them.</param>
/// <param name="Viewer">Whether a viewer may.</param>
/// <param name="Own">Whether the allocator of rack-1 may.</param>
/// <param name="Other">Whether the allocator of rack-2 may, with the very same call.</param>
internal sealed record MatrixRow(string Route, bool Viewer, bool Own, bool Other)
{
    /// <summary>Whether it is answered to somebody who does not say who he is.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The path and query that are called; the pattern itself when nothing in it varies.</summary>
    public string? Call { get; init; }

    public string? Body { get; init; }

    public string Method => Route.Split(' ')[0] is "*" ? "GET" : Route.Split(' ')[0];

    public string Path => Call ?? Route.Split(' ', 2)[1];
}

/// <summary>
/// What the rules should be, written a second time and by hand (docs/security.md tells them): the program's own table would agree with itself whatever it said.
/// A new route gets its line here and in <c>AccessTable</c>.
/// </summary>
internal static class AccessMatrix
{
    public const string Kept = "10.1.0.9", Released = "10.1.0.10";

    private const string Kinds = "/apis/projectcalico.org/v3", OtherKind = Kinds + "/namespaces/{**rest}";

    public static IReadOnlyList<MatrixRow> Rows { get; } =
    [
        Open("GET /healthz"), Open("GET /readyz"),

        // Allocators for their own host; viewers never, because these change something.
        Allocating("POST /ipam/v1/assign", Assign("rack-1", "matrix")),
        Allocating("POST /ipam/v1/assign-ip", """{"host":"rack-1","handle":"matrix","ip":"10.1.0.20"}"""),
        Allocating("POST /ipam/v1/release", $$"""{"addresses":[{"ip":"{{Released}}","handle":"matrix-released"}]}"""),
        Allocating("POST /ipam/v1/release-handle", """{"handle":"matrix-handle"}"""),
        Allocating("POST /ipam/v1/gc", """{"host":"rack-1","network":"none","keep":[],"issuedAt":"2026-01-01T00:00:00Z"}"""),
        Allocating("POST /ipam/v1/recovery/report", """{"host":"rack-1","holdings":[]}"""),
        Allocating("POST /ipam/v1/ensure-block", """{"host":"rack-1"}"""),
        Allocating("POST /ipam/v1/affinities/claim", """{"host":"rack-1","cidr":"10.1.0.0/26"}"""),
        Allocating("POST /ipam/v1/affinities/release", """{"host":"rack-1","cidr":"10.1.0.0/26","mustBeEmpty":true}"""),
        Allocating("DELETE /ipam/v1/hosts/{host}", null) with { Call = "/ipam/v1/hosts/rack-1?mustBeEmpty=true" },

        // Looking: viewers at everything, allocators at what is of their host.
        Looking("GET /ipam/v1/addresses", "/ipam/v1/addresses?host=rack-1"),
        Looking("GET /ipam/v1/addresses/{ip}", $"/ipam/v1/addresses/{Kept}"),
        Looking("GET /ipam/v1/blocks", "/ipam/v1/blocks?host=rack-1"),
        Looking("GET /ipam/v1/routes/{node}", "/ipam/v1/routes/rack-1"),
        Looking($"GET {Kinds}/nodes", $"{Kinds}/nodes?fieldSelector=metadata.name=rack-1"),
        Looking($"GET {Kinds}/nodes/{{name}}", $"{Kinds}/nodes/rack-1"),
        Viewing("GET /ipam/v1/addresses/{ip}/history", $"/ipam/v1/addresses/{Kept}/history"),
        Viewing("GET /ipam/v1/history"), Viewing("GET /ipam/v1/history/blocks"), Viewing("GET /ipam/v1/history/resources"),
        Viewing("GET /ipam/v1/utilization"), Viewing("GET /ipam/v1/check"), Viewing("GET /ipam/v1/recovery"), Viewing("GET /cluster/v1/ingest"), Viewing("GET /metrics"),
        Viewing("GET /cluster/v1/members"), Viewing("GET /cluster/v1/shards"), Viewing("GET /cluster/v1/actors"), Viewing("GET /cluster/v1/journal"),
        Viewing("GET /cluster/v1/actors/{**stream}", "/cluster/v1/actors/catalog"), Viewing("GET /cluster/v1/journal/{**stream}", "/cluster/v1/journal/catalog"),
        Viewing("GET /ipam/v1/explain"), Viewing("POST /ipam/v1/impact") with { Body = "{}" },
        Viewing($"GET {Kinds}/blockaffinities"), Viewing($"GET {Kinds}/blockaffinities/{{name}}", $"{Kinds}/blockaffinities/x"),
        Viewing($"GET {Kinds}/ipamblocks"), Viewing($"GET {Kinds}/ipamblocks/{{name}}", $"{Kinds}/ipamblocks/x"),
        Viewing($"GET {Kinds}/ipreservations"), Viewing($"GET {Kinds}/ipreservations/{{name}}", $"{Kinds}/ipreservations/x"),
        Viewing($"GET {Kinds}/ipamconfigurations"), Viewing($"GET {Kinds}/ipamconfigurations/{{name}}", $"{Kinds}/ipamconfigurations/x"),

        // Whoever has a role.
        Anybody("GET /ipam/v1/access"), Anybody("GET /version"), Anybody("GET /api"), Anybody("GET /apis"), Anybody("GET /apis/projectcalico.org"), Anybody($"GET {Kinds}"),
        Anybody("GET /openapi/v2"), Anybody("GET /openapi/v3"), Anybody($"GET /openapi/v3{Kinds}"),
        Anybody($"GET {Kinds}/ippools"), Anybody($"GET {Kinds}/ippools/{{name}}", $"{Kinds}/ippools/blue"),
        Anybody($"* {OtherKind}", $"{Kinds}/namespaces/x/ippools"),

        // Operators alone.
        Operating("POST /ipam/v1/redact", body: "{}"),
        Operating("POST /ipam/v1/split", body: "{}"), Operating("POST /ipam/v1/check/repair", body: "{}"), Operating("POST /ipam/v1/recovery/end", body: "{}"),
        Operating("POST /cluster/v1/members/{name}/leave", "/cluster/v1/members/nobody/leave", "{}"),
        Operating("GET /ipam/v1/tokens"), Operating("POST /ipam/v1/tokens", body: "{}"), Operating("DELETE /ipam/v1/tokens/{name}", "/ipam/v1/tokens/nobody"),
        .. ResourceKinds.All.SelectMany(kind => Writing($"{Kinds}/{kind.Plural}")),
    ];

    private static MatrixRow Open(string route) => new(route, true, true, true) { IsOpen = true };

    private static MatrixRow Allocating(string route, string? body) => new(route, Viewer: false, Own: true, Other: false) { Body = body };

    private static MatrixRow Looking(string route, string call) => new(route, Viewer: true, Own: true, Other: false) { Call = call };

    private static MatrixRow Viewing(string route, string? call = null) => new(route, Viewer: true, Own: false, Other: false) { Call = call };

    private static MatrixRow Anybody(string route, string? call = null) => new(route, true, true, true) { Call = call };

    private static MatrixRow Operating(string route, string? call = null, string? body = null) => new(route, false, false, false) { Call = call, Body = body };

    private static IEnumerable<MatrixRow> Writing(string many) =>
    [
        Operating($"POST {many}", body: "{}"),
        Operating($"PUT {many}/{{name}}", $"{many}/nothing", "{}"),
        Operating($"PATCH {many}/{{name}}", $"{many}/nothing", "{}"),
        Operating($"DELETE {many}/{{name}}", $"{many}/nothing"),
    ];
}

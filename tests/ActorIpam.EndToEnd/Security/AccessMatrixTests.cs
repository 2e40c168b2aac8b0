using ActorIpam.Server.Security;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd.Security;

/// <summary>Every route of a real member, called by everybody (protocol.md §6).</summary>
public sealed class AccessMatrixTests
{
    /// <summary>Rules for routes that are mapped elsewhere or not yet.</summary>
    private static readonly string[] RulesAhead = ["GET /metrics"];

    [Fact]
    public async Task Every_route_is_open_to_whom_the_matrix_says_and_to_nobody_else()
    {
        await using var guarded = new Guarded();
        await guarded.StartAsync();
        await PrepareAsync(guarded);
        var revoked = await guarded.TokenAsync("gone", "operator");
        (await guarded.Operator.DeleteAsync(Guarded.Tokens + "/gone")).Expect(200);
        var expired = guarded.As(await guarded.TokenAsync("old", "operator", seconds: 1));
        await Eventually.SeesAsync(() => expired.GetAsync("/version"), reply => reply.Code == 401, "the end of a token that lasts a second");

        // Who may least goes first: what the others change must still be there for him to be refused.
        (string Who, Api Caller, Func<MatrixRow, int?> Refused)[] callers =
        [
            ("nobody", guarded.As(null), row => row.IsOpen ? null : 401),
            ("garbage", guarded.As(TokenText.New()), row => row.IsOpen ? null : 401),
            ("revoked", guarded.As(revoked), row => row.IsOpen ? null : 401),
            ("expired", expired, row => row.IsOpen ? null : 401),
            ("viewer", guarded.As(await guarded.TokenAsync("looker", "viewer")), row => row.Viewer ? null : 403),
            ("other host", guarded.As(await guarded.TokenAsync("rack-2", "allocator", "rack-2")), row => row.Other ? null : 403),
            ("own host", guarded.As(await guarded.TokenAsync("rack-1", "allocator", "rack-1")), row => row.Own ? null : 403),
            ("operator", guarded.As(await guarded.TokenAsync("admin", "operator")), _ => null),
        ];
        var wrong = new List<string>();
        foreach (var route in await RoutesAsync(guarded))
        {
            if (AccessMatrix.Rows.SingleOrDefault(row => row.Route == route) is not { } row)
            {
                wrong.Add($"{route} is not in the matrix: give it a line in AccessTable, in AccessMatrix, and in docs/security.md");
                continue;
            }

            foreach (var (who, caller, refused) in callers)
            {
                var reply = await caller.SendAsync(new(row.Method), row.Path, row.Body);
                var asExpected = refused(row) is { } code ? reply.Code == code : reply.Code is not (401 or 403 or 405 or >= 500);
                if (!asExpected)
                {
                    wrong.Add($"{route} as {who}: {reply.Code} instead of {refused(row)?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "an answer"}: {reply.Text}");
                }

                if (reply.Code == 401)
                {
                    reply.Challenge.ShouldStartWith("Bearer realm=\"actor-ipam\"", Case.Sensitive, route);
                }
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_row_and_every_rule_is_about_a_route_there_is()
    {
        await using var guarded = new Guarded();
        await guarded.StartAsync();
        var routes = await RoutesAsync(guarded);

        AccessMatrix.Rows.Select(row => row.Route).Except(routes).ShouldBeEmpty();
        AccessTable.Rules.Keys.Except(routes).Except(RulesAhead).ShouldBeEmpty();
        routes.Except(AccessTable.Rules.Keys).ShouldBeEmpty();
    }

    [Fact]
    public void A_route_without_a_rule_is_for_operators_alone() => AccessTable.Of("GET /something/new").ShouldBe(AccessRule.Operator);

    [Fact]
    public async Task An_allocator_cannot_talk_its_way_to_another_host()
    {
        await using var guarded = new Guarded();
        await guarded.StartAsync();
        await PrepareAsync(guarded);
        var rack2 = guarded.As(await guarded.TokenAsync("rack-2", "allocator", "rack-2"));

        // No host at all, the host twice, a list, another letter case, a virtual holder.
        (await rack2.GetAsync("/ipam/v1/addresses")).Expect(403);
        (await rack2.GetAsync("/ipam/v1/addresses?host=rack-2&host=rack-1")).Expect(403);
        (await rack2.GetAsync("/ipam/v1/addresses?HOST=rack-1&host=rack-2")).Code.ShouldNotBe(200);
        (await rack2.GetAsync("/ipam/v1/blocks?pool=blue")).Expect(403);
        (await rack2.GetAsync(Nodes + "?fieldSelector=metadata.name=rack-2,metadata.name=rack-1")).Expect(403);
        (await rack2.GetAsync(Nodes + "?watch=true")).Expect(403);
        (await rack2.GetAsync("/ipam/v1/routes/rack-1?watch=true")).Expect(403);
        (await rack2.PostAsync("/ipam/v1/assign", """{"ipv4":1}""")).Expect(403);
        (await rack2.PostAsync("/ipam/v1/assign", """{"host":"rack-2","host":"rack-1","ipv4":1}""")).Expect(400);
        (await rack2.PostAsync("/ipam/v1/assign", """{"host":"rack-2","use":"LoadBalancer","ipv4":1}""")).Expect(403);
        (await rack2.PostAsync("/ipam/v1/release", $$"""{"addresses":[{"ip":"{{AccessMatrix.Kept}}"}]}""")).Expect(422).Fields.ShouldBe(["addresses[0]"]);
        var refused = (await rack2.PostAsync("/ipam/v1/release", $$"""{"addresses":[{"ip":"10.1.0.50","handle":"x"},{"ip":"{{AccessMatrix.Kept}}","handle":"matrix-kept"}]}""")).Expect(403);
        (refused.Cause, refused.Fields.Single()).ShouldBe(("OtherHost", "addresses[1].ip"));
        (await rack2.PostAsync("/ipam/v1/release-handle", """{"handle":"matrix-kept","host":"rack-2"}""")).Expect(403);
        (await rack2.PostAsync("/ipam/v1/release-handle", """{"handle":"matrix-kept","final":true,"issuedAt":"2030-01-01T00:00:00Z"}""")).Expect(403);

        var held = (await guarded.Operator.GetAsync($"/ipam/v1/addresses/{AccessMatrix.Kept}")).Expect(200).Json;
        ((string?)held["host"], (string?)held["handle"]).ShouldBe(("rack-1", "matrix-kept"));
        (await rack2.PostAsync("/ipam/v1/assign", Assign("rack-2", "mine"))).Expect(200);
        (await rack2.PostAsync("/ipam/v1/release-handle", """{"handle":"mine"}""")).Expect(200);
    }

    [Fact]
    public void The_table_in_the_documents_is_the_table_of_the_program()
    {
        const string begin = "<!-- This table is written by UPDATE_GOLDEN=1 from the program's own. -->\n\n", end = "\n<!-- Until here. -->";
        var file = Path.Combine(Root(AppContext.BaseDirectory), "docs", "security.md");
        var text = File.ReadAllText(file);
        var (from, to) = (text.IndexOf(begin, StringComparison.Ordinal) + begin.Length, text.IndexOf(end, StringComparison.Ordinal));
        from.ShouldBeGreaterThan(begin.Length);
        to.ShouldBeGreaterThan(0);
        var rows = AccessTable.Rules.OrderBy(rule => rule.Key.Split(' ')[1], StringComparer.Ordinal).ThenBy(rule => rule.Key, StringComparer.Ordinal).Select(rule => $"| `{rule.Key}` | {rule.Value} |\n");
        var table = "| Route | Needs |\n|---|---|\n" + string.Concat(rows);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, text[..from] + table + text[to..]);
            return;
        }

        text[from..Math.Max(from, to)].ShouldBe(table);
    }

    private static async Task PrepareAsync(Guarded guarded)
    {
        var api = guarded.Operator;
        (await api.PostAsync(Nodes, Node("rack-1"))).Expect(201);
        (await api.PostAsync(Nodes, Node("rack-2"))).Expect(201);
        (await api.PostAsync(Pools, Pool("blue", "10.1.0.0/16"))).Expect(201);
        foreach (var (ip, handle) in new[] { (AccessMatrix.Kept, "matrix-kept"), (AccessMatrix.Released, "matrix-released"), ("10.1.0.11", "matrix-handle") })
        {
            (await api.PostAsync("/ipam/v1/assign-ip", $$"""{"host":"rack-1","handle":"{{handle}}","ip":"{{ip}}"}""")).Expect(200);
        }
    }

    /// <summary>What the running process has mapped.</summary>
    private static async Task<IReadOnlyList<string>> RoutesAsync(Guarded guarded) =>
        [.. (await guarded.Operator.GetAsync("/ipam/v1/access")).Expect(200).Json["routes"]!.AsArray().Select(route => $"{route!["method"]} {route["path"]}")];

    private static string Root(string folder) => File.Exists(Path.Combine(folder, "ActorIpam.sln")) ? folder : Root(Path.GetDirectoryName(folder.TrimEnd('/'))!);
}

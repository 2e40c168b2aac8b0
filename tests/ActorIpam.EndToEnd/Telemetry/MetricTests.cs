using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd.Telemetry;

/// <summary>What a member counts, and that documents, dashboard and alerts speak of nothing else.</summary>
public sealed partial class MetricTests
{
    [Fact]
    public async Task Traffic_is_counted_where_it_happens()
    {
        await using var serving = await ServeAsync();

        var shown = await Exposition.OfAsync(serving.Api);

        shown.Value("ipam_assignments_total{family=\"ipv4\",how=\"claimed\"}").ShouldBe(2);
        shown.Value("ipam_assignments_total{family=\"ipv4\",how=\"own\"}").ShouldBe(1);
        shown.Value("ipam_releases_total{why=\"released\"}").ShouldBe(1);
        shown.Value("ipam_refusals_total{reason=\"NodeMissing\"}").ShouldBe(1);
        shown.Value("ipam_pool_addresses{pool=\"blue\",state=\"assigned\"}").ShouldBe(2);
        shown.Value("ipam_pool_capacity_addresses{pool=\"blue\"}").ShouldBe(256);
        shown.Value("ipam_pool_blocks{pool=\"blue\",state=\"owned\"}").ShouldBe(1);
        shown.Value("ipam_host_blocks{host=\"rack-1\"}").ShouldBe(1);
        shown.Value("ipam_commit_outcomes_total{outcome=\"won\"}").ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(4);
        shown.Value("ipam_commit_duration_seconds_count").ShouldNotBeNull().ShouldBeGreaterThan(0);
        shown.Value("ipam_http_request_duration_seconds_count{method=\"POST\",route=\"/ipam/v1/assign\",code=\"200\"}").ShouldBe(2);
        shown.Value("ipam_http_request_duration_seconds_count{method=\"POST\",route=\"/ipam/v1/assign\",code=\"422\"}").ShouldBe(1);
        shown.Value("ipam_journal_up").ShouldBe(1);
        shown.Value("ipam_build_info{version=\"0.1.0\",member=\"m1\"}").ShouldBe(1);
        string[] states = ["unclaimed", "free", "assigned", "cooling", "host_reserved"];
        states.Sum(state => shown.Value($"ipam_pool_addresses{{pool=\"blue\",state=\"{state}\"}}")).ShouldBe(256);
    }

    [Fact]
    public async Task OpenMetrics_is_given_to_those_who_ask_for_it()
    {
        await using var serving = await ServeAsync();
        using var http = new HttpClient { BaseAddress = serving.Member.Url };
        http.DefaultRequestHeaders.Accept.ParseAdd("application/openmetrics-text;version=1.0.0");

        using var answer = await http.GetAsync("/metrics", TestContext.Current.CancellationToken);

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/openmetrics-text");
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        text.ShouldContain("# TYPE ipam_assignments counter");
        text.TrimEnd().ShouldEndWith("# EOF");
    }

    [Fact]
    public async Task The_document_lists_every_metric_of_ours_with_its_type_and_no_other()
    {
        await using var serving = await ServeAsync();

        var shown = (await Exposition.OfAsync(serving.Api)).Types.Where(type => type.Key.StartsWith("ipam_", StringComparison.Ordinal));

        var told = MetricRow().Matches(Documents.Read("docs/telemetry.md")).Select(row => $"{row.Groups[1].Value} {row.Groups[2].Value}");
        told.ShouldBe(shown.Select(type => $"{type.Key} {type.Value}"), ignoreOrder: true);
    }

    [Theory]
    [InlineData("deploy/grafana/actoripam.json")]
    [InlineData("deploy/prometheus/alerts.yaml")]
    [InlineData("docs/telemetry.md")]
    public async Task What_is_made_for_operators_uses_metrics_that_exist(string file)
    {
        await using var serving = await ServeAsync();

        var shown = (await Exposition.OfAsync(serving.Api)).Types;

        var used = Exposition.NamesIn(Documents.Read(file)).Where(name => name is not ("process_" or "dotnet_")).ToList();
        used.Count.ShouldBeGreaterThan(10);
        used.Where(name => !shown.ContainsKey(name)).ShouldBeEmpty();
    }

    [Fact]
    public void The_dashboard_has_a_query_in_every_panel_and_no_panel_over_another()
    {
        var panels = JsonNode.Parse(Documents.Read("deploy/grafana/actoripam.json"))!["panels"]!.AsArray();
        panels.Count.ShouldBeGreaterThan(20);
        var places = new HashSet<(int, int)>();
        foreach (var panel in panels)
        {
            panel!["targets"]!.AsArray().ShouldAllBe(target => ((string)target!["expr"]!).Length > 0);
            var (x, y, w, h) = ((int)panel["gridPos"]!["x"]!, (int)panel["gridPos"]!["y"]!, (int)panel["gridPos"]!["w"]!, (int)panel["gridPos"]!["h"]!);
            (x + w).ShouldBeLessThanOrEqualTo(24);
            for (var at = 0; at < w * h; at++)
            {
                places.Add((x + (at % w), y + (at / w))).ShouldBeTrue((string)panel["title"]!);
            }
        }
    }

    [Fact]
    public void Every_alert_has_a_severity_a_summary_and_a_runbook_in_the_document()
    {
        var document = Documents.Read("docs/telemetry.md");
        var rules = Documents.Read("deploy/prometheus/alerts.yaml").Split("      - alert: ")[1..];
        rules.Length.ShouldBeGreaterThan(6);
        foreach (var rule in rules)
        {
            var name = rule.Split('\n')[0].Trim();
            foreach (var part in new[] { "        expr: ", "          severity: ", "          summary: ", "          runbook: \"docs/telemetry.md#" + name.ToLowerInvariant() + ":" })
            {
                rule.ShouldContain(part, Case.Sensitive, name);
            }

            document.ShouldContain($"### {name}\n");
        }
    }

    private static async Task<Serving> ServeAsync()
    {
        var serving = new Serving();
        await serving.StartAsync("--member", "m1");
        (await serving.Api.PostAsync(Nodes, Node("rack-1"))).Expect(201);
        (await serving.Api.PostAsync(Pools, Pool("blue", "10.1.0.0/24"))).Expect(201);
        var ip = (await serving.Api.PostAsync("/ipam/v1/assign", Assign("rack-1", "web", ipv4: 2))).Expect(200).Addresses("ipv4").First();
        (await serving.Api.PostAsync("/ipam/v1/assign", Assign("rack-1", "db"))).Expect(200);
        (await serving.Api.PostAsync("/ipam/v1/assign", Assign("rack-9", "web"))).Expect(422);
        (await serving.Api.PostAsync("/ipam/v1/release", $$"""{"addresses":[{"ip":"{{ip}}"}]}""")).Expect(200);
        return serving;
    }

    [GeneratedRegex(@"^\| `(ipam_\w+)` \| (\w+) \|", RegexOptions.Multiline)]
    private static partial Regex MetricRow();
}

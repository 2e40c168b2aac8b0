using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd.Telemetry;

/// <summary>What a member logs.</summary>
public sealed partial class LogTests
{
    [Fact]
    public async Task A_life_is_logged_as_json_with_event_ids()
    {
        await using var serving = new Serving();
        var folder = Directory.CreateDirectory(serving.Workspace.At("definitions")).FullName;
        serving.Workspace.Write("definitions/bad.yaml", "apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: {name: bad}\nspec: {cidr: 10.1.0.1/24}\n");
        var file = serving.Workspace.Write("nodes.yaml", "apiVersion: projectcalico.org/v3\nkind: Node\nmetadata: {name: rack-1}\n");
        await serving.StartAsync("--log-format", "json", "--log-level", "information", "--slow-commit", "0.0000001", "--apply", file, "--watch", folder);
        for (var looks = 0; looks < 300 && !(await serving.Api.GetAsync("/cluster/v1/ingest")).Text.Contains("refused", StringComparison.Ordinal); looks++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        (await serving.Member.StopAsync()).ShouldBe(0);

        var entries = serving.Member.Errors.Split('\n').Select(line => JsonNode.Parse(line)!).ToList();
        var events = entries.Where(entry => (string?)entry["Category"] == "ActorIpam.Member").ByEvent();
        foreach (var expected in new[] { 100, 101, 102, 103, 200, 201, 302 })
        {
            events.ShouldContainKey(expected);
        }

        ((string)events[201]["State"]!["File"]!).ShouldBe("bad.yaml");
        ((string)events[201]["State"]!["Problems"]!).ShouldContain("bad.yaml:4");
        ((string)events[200]["Message"]!).ShouldBe("Definition node/rack-1 created.");
    }

    [Fact]
    public async Task A_full_disk_is_told_once()
    {
        await using var serving = new Serving();
        await using (var small = await MemberProcess.StartAsync("--journal", serving.Workspace.Journal + "?max_pages=60"))
        {
            using var api = new Api(small.Url);
            (await api.PostAsync(Nodes, Node("rack-1"))).Expect(201);
            (await api.PostAsync(Pools, Pool("blue", "10.1.0.0/16"))).Expect(201);
            var code = 200;
            for (var i = 0; i < 1_000 && code == 200; i++)
            {
                code = (await api.PostAsync("/ipam/v1/assign", Assign("rack-1", $"web-{i}", ipv4: 8))).Code;
            }

            code.ShouldBe(507);
            (await api.PostAsync("/ipam/v1/assign", Assign("rack-1", "again", ipv4: 8))).Expect(507);
            (await small.StopAsync()).ShouldBe(0);
            small.Errors.Split('\n').Count(line => line.Contains("[304]", StringComparison.Ordinal)).ShouldBe(1);
        }
    }

    [Fact]
    public void The_document_lists_every_event_with_its_level()
    {
        var written = Assembly.Load("ipamd").GetType("ActorIpam.Server.Telemetry.Log")!.GetMethods(BindingFlags.Static | BindingFlags.Public)
            .SelectMany(method => method.GetCustomAttributesData())
            .Where(attribute => attribute.AttributeType.Name == "LoggerMessageAttribute")
            .Select(attribute => $"{attribute.ConstructorArguments[0].Value} {Level((int)attribute.ConstructorArguments[1].Value!)}").ToList();
        written.Count.ShouldBeGreaterThan(10);

        EventRow().Matches(Documents.Read("docs/telemetry.md")).Select(row => $"{row.Groups[1].Value} {row.Groups[2].Value}").ShouldBe(written, ignoreOrder: true);
    }

    private static string Level(int level) => new[] { "Trace", "Debug", "Information", "Warning", "Error", "Critical" }[level];

    [GeneratedRegex(@"^\| (\d{3}) \| (\w+) \|", RegexOptions.Multiline)]
    private static partial Regex EventRow();
}

internal static class LogEntries
{
    /// <summary>The last entry of each event.</summary>
    public static Dictionary<int, JsonNode> ByEvent(this IEnumerable<JsonNode> entries) =>
        entries.GroupBy(entry => (int)entry["EventId"]!).ToDictionary(group => group.Key, group => group.Last());
}

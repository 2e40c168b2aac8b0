using System.Text.Json.Nodes;
using Shouldly;
using static ActorIpam.Cli.EndToEnd.Definitions;

namespace ActorIpam.Cli.EndToEnd.Cases;

/// <summary>Labels of the node n1.</summary>
internal static class LabelCases
{
    public static IEnumerable<(string Id, Handler Handler)> All =>
    [
        ("CLI-063", (world, one) => LabelledAsync(world, one, "keep: it\n", "keep=it a=b")),
        ("CLI-064", (world, one) => LabelledAsync(world, one, "a: b\n", "a=b")),
        ("CLI-066", (world, one) => LabelledAsync(world, one, "a: b\n", "a=c")),
        ("CLI-067", (world, one) => LabelledAsync(world, one, "a: b\n    keep: it\n", "keep=it")),
        ("CLI-069", (world, one) => LabelledAsync(world, one, "a: b\n", "a=b")),
    ];

    private static async Task LabelledAsync(World world, CliCase one, string before, string after)
    {
        await world.DoAsync("create", "-f", world.Write("node.yaml", Node("n1", $"  labels:\n    {before}")));
        await Play.Async(world, one);
        var node = JsonNode.Parse(await world.DoAsync("get", "node", "n1", "-o", "json"))!;
        node["metadata"]!["labels"]!.AsObject().Select(label => $"{label.Key}={label.Value}").ShouldBe(after.Split(' '), ignoreOrder: true);
    }
}

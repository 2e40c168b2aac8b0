using Shouldly;
using static ActorIpam.Cli.EndToEnd.Definitions;

namespace ActorIpam.Cli.EndToEnd.Cases;

/// <summary>Files, folders, lists, and what is wrong in them.</summary>
internal static class InputCases
{
    public static IEnumerable<(string Id, Handler Handler)> All =>
    [
        ("CLI-057", WrongVersionAsync),
        ("CLI-058", SecondRefusedAsync),
        ("CLI-061", FolderAsync),
        ("CLI-062", ListsAsync),
    ];

    private static async Task WrongVersionAsync(World world, CliCase one)
    {
        var file = world.Write("wrong-apiVersion.yaml", Several(Node("n1"), Pool("p", "10.1.0.0/16").Replace("/v3", "/v2", StringComparison.Ordinal)));
        (await Play.Async(world, one)).Error.ShouldContain($"{file}:7:13: ");
        (await PoolsAndNodesAsync(world)).ShouldBeEmpty();
    }

    private static async Task SecondRefusedAsync(World world, CliCase one)
    {
        world.Write("two-docs.yaml", Several(Node("n1"), Pool("bad", "10.1.0.7/16"), Pool("good", "10.3.0.0/16")));
        (await Play.Async(world, one)).Error.ShouldContain("2 of 3 resources; 1 failed.");
        (await PoolsAndNodesAsync(world)).ShouldBe("ippool.projectcalico.org/good\nnode.projectcalico.org/n1\n");

        await world.EmptyAsync();
        world.Write("two-docs.yaml", Several(Node("n1"), Pool("p", "10.1.0.0/16", "  nonsense: 1\n")));
        await Play.Async(world, one);
        (await PoolsAndNodesAsync(world)).ShouldBeEmpty();
    }

    private static async Task FolderAsync(World world, CliCase one)
    {
        world.Write("dir/pool.yaml", Pool("p", "10.1.0.0/16"));
        world.Write("dir/deep/deeper/node.YML", Node("n1"));
        world.Write("dir/deep/notes.txt", "no definition");
        await Play.Async(world, one);
        (await PoolsAndNodesAsync(world)).ShouldBe("ippool.projectcalico.org/p\nnode.projectcalico.org/n1\n");
    }

    private static async Task ListsAsync(World world, CliCase one)
    {
        world.Write("list.yaml", $"apiVersion: v1\nkind: List\nitems:\n{Items(Pool("p", "10.1.0.0/16"), Node("n1"))}");
        await Play.Async(world, one);
        (await PoolsAndNodesAsync(world)).ShouldBe("ippool.projectcalico.org/p\nnode.projectcalico.org/n1\n");

        await world.EmptyAsync();
        world.Write("list.yaml", Items(Pool("q", "10.1.0.0/16"), Node("n2")));
        await Play.Async(world, one);
        (await PoolsAndNodesAsync(world)).ShouldBe("ippool.projectcalico.org/q\nnode.projectcalico.org/n2\n");
    }

    private static string Items(params string[] documents) =>
        string.Concat(documents.Select(document => "- " + document.TrimEnd().Replace("\n", "\n  ", StringComparison.Ordinal) + "\n"));

    private static async Task<string> PoolsAndNodesAsync(World world) =>
        await world.DoAsync("get", "ippool", "-o", "name") + await world.DoAsync("get", "node", "-o", "name");
}

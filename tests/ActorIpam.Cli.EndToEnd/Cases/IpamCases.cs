using Shouldly;
using static ActorIpam.Cli.EndToEnd.Definitions;

namespace ActorIpam.Cli.EndToEnd.Cases;

/// <summary>Addresses: how full, who holds, what is borrowed, releasing.</summary>
internal static class IpamCases
{
    public static IEnumerable<(string Id, Handler Handler)> All =>
    [
        ("CLI-071", PoolsThenBlocksAsync),
        ("CLI-072", FreeAsync),
        ("CLI-075", BorrowedAsync),
        ("CLI-076", async (world, one) => (await Play.Async(world, one)).Out.ShouldContain("StrictAffinity")),
        ("CLI-077", ReleasedAsync),
    ];

    private static async Task PoolsThenBlocksAsync(World world, CliCase one)
    {
        await ApplyAsync(world, Node("n1"), Pool("gone", "10.1.0.0/26"));
        await world.DoAsync("ipam", "assign", "--host", "n1");
        await world.DoAsync("delete", "ippool", "gone");
        await ApplyAsync(world, Pool("kept", "10.2.0.0/26"));
        await world.DoAsync("ipam", "assign", "--host", "n1");

        var rows = (await Play.Async(world, one)).Out.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
            .Select(line => string.Join(' ', line.Trim('|').Split('|', StringSplitOptions.TrimEntries)[..2]));

        rows.ShouldBe(["IP Pool 10.2.0.0/26", "Block 10.2.0.0/26", "Block 10.1.0.0/26"]);
    }

    private static async Task FreeAsync(World world, CliCase one)
    {
        await ApplyAsync(world, Node("n1"), Pool("p", "10.65.0.0/16"));
        await world.DoAsync("ipam", "assign", "--host", "n1");
        await Play.Async(world, one);
    }

    private static async Task BorrowedAsync(World world, CliCase one)
    {
        await ApplyAsync(world, Node("n1"), Node("n2"), Pool("p", "10.1.0.0/29", "  blockSize: 29\n"));
        await world.DoAsync("ipam", "assign", "--host", "n1", "--handle", "owner");
        await world.DoAsync("ipam", "assign", "--host", "n2", "--handle", "borrower");

        var rows = (await Play.Async(world, one)).Out.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();

        rows.Count.ShouldBe(1);
        rows[0].Trim('|').Split('|', StringSplitOptions.TrimEntries)[1..].ShouldBe(["n2", "10.1.0.0/29", "n1", "", "borrower"]);
    }

    private static async Task ReleasedAsync(World world, CliCase one)
    {
        await ApplyAsync(world, Node("n1"), Pool("p", "10.1.0.0/24"));
        var address = (await world.DoAsync("ipam", "assign", "--host", "n1", "-o", "name")).Trim();
        await Play.Async(world, one, words: [.. one.Words.Select(word => word.Replace("=A", $"={address}", StringComparison.Ordinal))]);
        (await world.DoAsync("ipam", "show", "--ip", address)).ShouldContain("not assigned");
        (await world.RunAsync("ipam", "release", "--ip", address)).Exit.ShouldBe(1);
    }

    internal static Task ApplyAsync(World world, params string[] documents) => world.DoAsync("apply", "-f", world.Write("world.yaml", Several(documents)));
}

using Shouldly;
using static ActorIpam.Cli.EndToEnd.Definitions;

namespace ActorIpam.Cli.EndToEnd.Cases;

/// <summary>Creating, applying, replacing, deleting and patching.</summary>
internal static class WriteCases
{
    private static readonly string Pool10 = Pool("p", "10.1.0.0/16");

    public static IEnumerable<(string Id, Handler Handler)> All =>
    [
        ("CLI-040", (world, one) => StoredAfterAsync(world, one, there: null)),
        ("CLI-041", (world, one) => StoredAfterAsync(world, one, there: Pool10)),
        ("CLI-042", (world, one) => StoredAfterAsync(world, one, there: Pool10)),
        ("CLI-043", NewOrExistingAsync),
        ("CLI-044", (world, one) => StoredAfterAsync(world, one, there: Pool("p", "10.9.0.0/16"), stored: "10.9.0.0/16")),
        ("CLI-045", MissingAsync),
        ("CLI-046", StaleAsync),
        ("CLI-047", DeletedAsync),
        ("CLI-048", async (world, one) => await Play.Async(world, one)),
        ("CLI-049", async (world, one) => await Play.Async(world, one)),
        ("CLI-051", async (world, one) => (await Play.Async(world, one)).Error.ShouldContain("missing")),
        ("CLI-052", ValidateAsync),
    ];

    /// <summary>Plays it with <c>pool.yaml</c> and then finds the pool with a range.</summary>
    private static async Task StoredAfterAsync(World world, CliCase one, string? there, string stored = "10.1.0.0/16")
    {
        if (there is not null)
        {
            await world.DoAsync("create", "-f", world.Write("there.yaml", there));
        }

        world.Write("pool.yaml", Pool10);
        await Play.Async(world, one);
        (await world.DoAsync("get", "ippool", "p", "-o", "custom-columns=CIDR")).ShouldBe($"CIDR\n{stored}\n\n");
    }

    private static async Task NewOrExistingAsync(World world, CliCase one)
    {
        await StoredAfterAsync(world, one, there: null);
        world.Write("pool.yaml", Pool("p", "10.1.0.0/16", "  natOutgoing: true\n"));
        await Play.Async(world, one);
        (await world.DoAsync("get", "ippool", "p", "-o", "custom-columns=NAT")).ShouldBe("NAT\ntrue\n\n");
    }

    private static async Task MissingAsync(World world, CliCase one)
    {
        world.Write("pool.yaml", Pool10);
        await Play.Async(world, one);
        (await world.RunAsync("get", "ippool", "p")).Exit.ShouldBe(1);
    }

    private static async Task StaleAsync(World world, CliCase one)
    {
        await world.DoAsync("create", "-f", world.Write("pool.yaml", Pool10));
        world.Write("pool.yaml", await world.DoAsync("get", "ippool", "p", "-o", "yaml"));
        await world.DoAsync("patch", "ippool", "p", "-p", "spec: {natOutgoing: true}");
        await Play.Async(world, one);
        (await world.DoAsync("get", "ippool", "p", "-o", "custom-columns=NAT")).ShouldBe("NAT\ntrue\n\n");
    }

    private static async Task DeletedAsync(World world, CliCase one)
    {
        await world.DoAsync("create", "-f", world.Write("there.yaml", Pool("present", "10.1.0.0/16")));
        await Play.Async(world, one);
        (await world.DoAsync("get", "ippool", "-o", "name")).ShouldBeEmpty();
    }

    private static async Task ValidateAsync(World world, CliCase one)
    {
        world.Write("good.yaml", Several(Pool10, Node("n1"), Reservation("r", "10.1.0.0/30"), Configuration()));
        await Play.Async(world, one, server: "http://127.0.0.1:1");
        (await world.DoAsync("get", "ippool", "-o", "name")).ShouldBeEmpty();
    }
}

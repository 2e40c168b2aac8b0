using Shouldly;
using static ActorIpam.Cli.EndToEnd.Definitions;

namespace ActorIpam.Cli.EndToEnd.Cases;

/// <summary>Showing resources: one of each kind is there, the pool is named <c>present</c>.</summary>
internal static class GetCases
{
    public static IEnumerable<(string Id, Handler Handler)> All =>
    [
        .. Ids(1, 2, 3, 5, 7, 9, 11, 12, 13, 14, 17, 18, 19, 21, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 35, 39).Select(id => (id, (Handler)AsTypedAsync)),
        ("CLI-038", ExportAsync),
    ];

    private static async Task AsTypedAsync(World world, CliCase one)
    {
        await ArrangeAsync(world);
        await Play.Async(world, one);
    }

    private static async Task ExportAsync(World world, CliCase one)
    {
        await ArrangeAsync(world);
        (await world.DoAsync("get", "ippool", "present", "-o", "yaml")).ShouldContain("uid:");
        (await Play.Async(world, one)).Out.ShouldContain("cidr: 10.1.0.0/16");
    }

    private static Task ArrangeAsync(World world) => world.DoAsync(
        "apply", "-f", world.Write("world.yaml", Several(Pool("present", "10.1.0.0/16"), Node("n1"), Reservation("gateways", "10.1.0.1"), Configuration())));

    internal static IEnumerable<string> Ids(params int[] numbers) => numbers.Select(n => FormattableString.Invariant($"CLI-{n:000}"));
}

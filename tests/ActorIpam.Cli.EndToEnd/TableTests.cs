using ActorIpam.Cli.Tests;
using Xunit;

namespace ActorIpam.Cli.EndToEnd;

/// <summary>Tables as they are printed for the definitions of the quickstart, with a few addresses in use.</summary>
public sealed class TableTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task The_tables_are_those_of_the_golden_files()
    {
        await world.EmptyAsync();
        await world.DoAsync("apply", "-f", Path.Combine(Golden.Root, "deploy/examples/quickstart"));
        await world.DoAsync("ipam", "assign", "--host", "node-a", "--handle", "a", "--ipv4", "8", "--pool", "tiny");
        await world.DoAsync("ipam", "assign", "--host", "node-b", "--handle", "b", "--ipv4", "7", "--pool", "tiny", "--attribute", "pod=web-1", "--attribute", "namespace=shop");
        await world.DoAsync("ipam", "assign", "--host", "node-a", "--handle", "more", "--pool", "tiny");

        (string Name, string[] Arguments)[] tables =
        [
            ("get-ippool", ["get", "ippool"]),
            ("get-ippool-wide", ["get", "ippool", "-o", "wide"]),
            ("get-node-wide", ["get", "node", "-o", "wide"]),
            ("get-ipreservation", ["get", "ipreservation"]),
            ("ipam-show", ["ipam", "show"]),
            ("ipam-show-blocks", ["ipam", "show", "--show-blocks"]),
            ("ipam-show-borrowed", ["ipam", "show", "--show-borrowed"]),
            ("ipam-show-configuration", ["ipam", "show", "--show-configuration"]),
            ("ipam-map", ["ipam", "map", "tiny"]),
        ];
        foreach (var (name, arguments) in tables)
        {
            Golden.Check($"tests/ActorIpam.Cli.EndToEnd/Golden/{name}.txt", await world.DoAsync(arguments));
        }
    }
}

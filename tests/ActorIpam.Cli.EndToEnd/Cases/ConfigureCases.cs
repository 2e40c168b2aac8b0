using Xunit;
using static ActorIpam.Cli.EndToEnd.Definitions;

namespace ActorIpam.Cli.EndToEnd.Cases;

/// <summary>Changing how addresses are assigned, and splitting pools. Each is skipped as long as the program has no such command.</summary>
internal static class ConfigureCases
{
    public static IEnumerable<(string Id, Handler Handler)> All =>
        GetCases.Ids(81, 82, 83, 85, 88, 89, 90).Select(id => (id, (Handler)AsTypedAsync));

    private static async Task AsTypedAsync(World world, CliCase one)
    {
        var ipam = CommandLine.Build(Terminal.OfProcess()).Subcommands.Single(command => command.Name == "ipam");
        Assert.SkipUnless(ipam.Subcommands.Any(command => command.Name == one.Words[1]), $"ipamctl has no command 'ipam {one.Words[1]}' yet.");
        await IpamCases.ApplyAsync(world, Node("n1"), Pool("p", "10.0.1.0/24"));
        await Play.Async(world, one);
    }
}

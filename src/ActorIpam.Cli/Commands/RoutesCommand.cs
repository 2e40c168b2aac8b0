using System.CommandLine;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Cli.Commands;

/// <summary>Shows what a node needs so that its packets find the addresses of all pools.</summary>
internal static class RoutesCommand
{
    private static readonly Argument<string> Node = new("node") { Description = "A node's name.", HelpName = "NODE" };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("routes", "Show the routes of a node, why each is there, and the sets its NAT needs.")
        {
            Examples =
            [
                ("The routes of a node.", "ipamctl ipam routes rack-1"),
                ("The same for a program.", "ipamctl ipam routes rack-1 -o json"),
                ("The routes it had then.", "ipamctl ipam routes rack-1 --at '2h ago'"),
            ],
        };
        command.Add(Node);
        command.Add(AsOf.Option);
        return (command, RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var routing = await session.Client.Blocks.RoutesAsync(arguments.GetRequiredValue(Node), cancellation);
        if (!new AddressPrinter(session).TryPrintDocument(routing, ApiJson.Readable.NodeRouting))
        {
            Print(session.Terminal, routing);
        }

        return 0;
    }

    /// <summary>Routes and sets are the answer; what is missing goes where complaints go.</summary>
    private static void Print(Terminal terminal, NodeRouting routing)
    {
        PlainTable.Write(
            terminal.Out,
            ["DESTINATION", "KIND", "VIA", "DEVICE", "REASON"],
            [.. routing.Routes.Select(route => (string[])[route.Destination, route.Kind, route.Via ?? "-", route.Device ?? "-", route.Reason])]);
        terminal.Out.WriteLine($"NAT from: {List(routing.Nat.MasqueradeSources)}");
        terminal.Out.WriteLine($"NAT not to: {List(routing.Nat.PoolDestinations)}");
        foreach (var warning in routing.Warnings)
        {
            terminal.Error.WriteLine($"warning: {warning}");
        }
    }

    private static string List(IReadOnlyCollection<string> ranges) => ranges.Count == 0 ? "none" : string.Join(", ", ranges);
}

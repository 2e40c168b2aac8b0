using System.CommandLine;
using System.Globalization;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Cli.Commands;

/// <summary>Shows who held an address, and when.</summary>
internal static class HistoryCommand
{
    private static readonly Argument<string> Ip = new("ip") { Description = "An address.", HelpName = "IP" };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("history", "Show every holder of an address, oldest first.")
        {
            Examples =
            [
                ("Who had this address, and when?", "ipamctl ipam history 10.1.0.7"),
                ("The same with the attributes, for a program.", "ipamctl ipam history 10.1.0.7 -o json"),
            ],
        };
        command.Add(Ip);
        return (command, RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var ip = arguments.GetRequiredValue(Ip);
        var history = await session.Client.Addresses.HistoryAsync(ip, cancellation);
        if (new AddressPrinter(session).TryPrintDocument(history, ApiJson.Readable.HeldIntervals))
        {
            return 0;
        }

        if (history.Items.IsEmpty)
        {
            await session.Terminal.Out.WriteLineAsync($"{ip} was never assigned.");
            return 0;
        }

        PlainTable.Write(session.Terminal.Out, ["FROM", "TO", "HOST", "HANDLE", "GIVEN", "RELEASED"], [.. history.Items.Select(Row)]);
        return 0;
    }

    private static string[] Row(HeldInterval held) =>
        [Time(held.From), held.To is { } to ? Time(to) : "now", held.Host ?? "", held.Handle ?? "", Given(held.Reason), held.Why ?? ""];

    private static string Given(GrantReason? reason) => reason is null ? "" : reason.From is { } from ? $"{reason.Why} from {from}" : reason.Why;

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

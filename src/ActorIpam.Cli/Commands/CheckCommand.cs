using System.CommandLine;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Cli.Commands;

/// <summary>Checks the journal against what queries show. As with calicoctl the exit status is 0 when the scan completes, whatever it finds.</summary>
internal static class CheckCommand
{
    private static readonly Option<bool> Fail = new("--fail") { Description = "Exit with 1 when there are problems." };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("check", "Replay the journal on a live system and say where what is shown differs from it.")
        {
            Examples =
            [
                ("Is everything as it should be?", "ipamctl ipam check"),
                ("The same in a script that must stop when it is not.", "ipamctl ipam check --fail"),
            ],
        };
        command.Add(Fail);
        return (command, RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var report = await session.Client.Blocks.CheckAsync(cancellation);
        if (!new AddressPrinter(session).TryPrintDocument(report, ApiJson.Readable.CheckReport))
        {
            Print(session.Terminal.Out, report);
        }

        return arguments.GetValue(Fail) && !report.Problems.IsEmpty ? 1 : 0;
    }

    private static void Print(TextWriter output, CheckReport report)
    {
        if (!report.Problems.IsEmpty)
        {
            PlainTable.Write(output, ["KIND", "SUBJECT", "MESSAGE"], [.. report.Problems.Select(problem => (string[])[problem.Kind.ToString(), problem.Subject, problem.Message])]);
        }

        output.WriteLine($"{report.Resources} resources, {report.Pools} pools, {report.Blocks} blocks and {report.Addresses} addresses checked: {Verdict(report.Problems.Length)}.");
    }

    private static string Verdict(int problems) => problems switch
    {
        0 => "no problems",
        1 => "1 problem",
        _ => $"{problems} problems",
    };
}

using System.CommandLine;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Cli.Commands;

/// <summary>Checks the journal against what queries show, and repairs what is shown. As with calicoctl the exit status is 0 when the scan completes, whatever it finds.</summary>
internal static class CheckCommand
{
    private static readonly Option<bool> Fail = new("--fail") { Description = "Exit with 1 when there are problems; with --repair, when some are left." };
    private static readonly Option<bool> Repair = new("--repair") { Description = "Rebuild what is shown from the journal where it differs. Safe while members serve." };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Repair without asking." };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("check", "Replay the journal on a live system and say where what is shown differs from it.")
        {
            Examples =
            [
                ("Is everything as it should be?", "ipamctl ipam check"),
                ("The same in a script that must stop when it is not.", "ipamctl ipam check --fail"),
                ("Show again what the journal says, after a look at what is wrong.", "ipamctl ipam check --repair"),
            ],
        };
        command.Add(Fail);
        command.Add(Repair);
        command.Add(Yes);
        return (command, RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var asks = arguments.GetValue(Repair) && !arguments.GetValue(Yes);
        if (asks && !session.Terminal.CanAsk)
        {
            throw new CommandFailure("--repair asks before it writes, and there is nobody to ask here: look without it, then say --yes.");
        }

        using var progress = new CheckProgressLine(session.Terminal);
        if (!arguments.GetValue(Repair))
        {
            return await CheckAsync(arguments, session, progress, cancellation) is var report && arguments.GetValue(Fail) && !report.Problems.IsEmpty ? 1 : 0;
        }

        if (asks && !await AgreesAsync(arguments, session, progress, cancellation))
        {
            return 1;
        }

        var repair = await session.Client.Explaining.RepairAsync(progress.Tell, cancellation);
        progress.Clear();
        if (!new AddressPrinter(session).TryPrintDocument(repair, ExplainJson.Readable.RepairReport))
        {
            Print(session.Terminal.Out, repair);
        }

        return arguments.GetValue(Fail) && !repair.After.Problems.IsEmpty ? 1 : 0;
    }

    private static async Task<CheckReport> CheckAsync(ParseResult arguments, Session session, CheckProgressLine progress, CancellationToken cancellation)
    {
        var report = await session.Client.Explaining.CheckAsync(progress.Tell, cancellation);
        progress.Clear();
        if (!new AddressPrinter(session).TryPrintDocument(report, ApiJson.Readable.CheckReport))
        {
            Print(session.Terminal.Out, report);
        }

        return report;
    }

    /// <summary>Shows what is wrong, then asks.</summary>
    private static async Task<bool> AgreesAsync(ParseResult arguments, Session session, CheckProgressLine progress, CancellationToken cancellation)
    {
        var report = await CheckAsync(arguments, session, progress, cancellation);
        var repairable = report.Problems.Count(static problem => problem.Source is not null);
        if (repairable == 0)
        {
            await session.Terminal.Error.WriteLineAsync("ipamctl: there is nothing a repair could mend.");
            return false;
        }

        session.Terminal.Error.Write($"Rebuild what is shown of {Plural.Of(repairable, "problem")} from the journal? Attributes that are lost stay lost. [y/N] ");
        using var keyboard = new StreamReader(session.Terminal.Input());
        if (keyboard.ReadLine()?.Trim() is "y" or "Y" or "yes")
        {
            return true;
        }

        await session.Terminal.Error.WriteLineAsync("ipamctl: nothing was repaired.");
        return false;
    }

    private static void Print(TextWriter output, CheckReport report)
    {
        if (!report.Problems.IsEmpty)
        {
            PlainTable.Write(output, ["KIND", "SUBJECT", "MESSAGE"], [.. report.Problems.Select(problem => (string[])[problem.Kind.ToString(), problem.Subject, problem.Message])]);
        }

        foreach (var remark in report.Remarks)
        {
            output.WriteLine($"Remark: {remark}");
        }

        foreach (var kind in report.Problems.Select(static problem => problem.Kind).Distinct().Order())
        {
            if (RemedyOf(kind, report) is { } remedy)
            {
                output.WriteLine($"{kind}: {remedy}");
            }
        }

        output.WriteLine($"{report.Resources} resources, {report.Pools} pools, {report.Blocks} blocks and {report.Addresses} addresses checked: {Verdict(report.Problems.Length + report.MoreProblems)}.");
    }

    private static void Print(TextWriter output, RepairReport repair)
    {
        foreach (var sentence in repair.Repaired)
        {
            output.WriteLine($"Repaired {sentence}.");
        }

        Print(output, repair.After);
        if (!repair.After.Problems.IsEmpty)
        {
            output.WriteLine("What is left no repair can mend: the journal contradicts itself, or no longer holds what would be needed.");
        }
    }

    /// <summary>What an operator can do about what a repair cannot mend.</summary>
    private static string? RemedyOf(CheckKind kind, CheckReport report) =>
        report.Problems.All(problem => problem.Kind != kind || problem.Source is not null) ? null : CheckRemedies.Of(kind);

    private static string Verdict(int problems) => problems switch
    {
        0 => "no problems",
        1 => "1 problem",
        _ => $"{problems} problems",
    };
}

/// <summary>How far a check is.</summary>
internal sealed class CheckProgressLine(Terminal terminal) : IDisposable
{
    private readonly ProgressLine _line = new(terminal);

    public void Tell(CheckProgress progress) => _line.Tell($"checking {progress.Phase}: {progress.Done}, {Plural.Of(progress.Problems, "problem")} so far");

    public void Clear() => _line.Clear();

    public void Dispose() => _line.Dispose();
}

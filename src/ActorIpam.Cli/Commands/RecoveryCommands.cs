using System.Collections.Immutable;
using System.CommandLine;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Cli.Commands;

/// <summary><c>recovery show</c>, <c>report</c> and <c>end</c>: from a restored journal to one that assigns.</summary>
internal static class RecoveryCommands
{
    private static readonly Option<string> Host = new("--host") { Description = "The host that reports.", HelpName = "HOST", Required = true };
    private static readonly Option<string?> Use = new("--use") { Description = "LoadBalancer for a holder that is no host.", HelpName = "USE" };
    private static readonly Option<string> Holdings = new("--holdings") { Description = "Every address the host holds, tunnel addresses too: a line each with the address, a blank and its handle. - for standard input.", HelpName = "FILE", Required = true };
    private static readonly Option<string?> IssuedAt = AsOf.New("--issued-at", "When the list was made, by the clock that the host's requests carry: a final release issued later ends what it names.");
    private static readonly Option<bool> AcceptLoss = new("--accept-loss") { Description = "End it although some have not reported: what they were given after the backup may be given again." };

    public static (ExampleCommand, CommandBody) Show()
    {
        var command = new ExampleCommand("show", "Show whether the journal recovers, who has reported and who has not.") { Examples = [("Who has not reported?", "ipamctl recovery show")] };
        return (command, ShowAsync);
    }

    public static (ExampleCommand, CommandBody) Report()
    {
        var command = new ExampleCommand("report", "Tell all that one host holds. What the journal does not know is taken over; the exit status is 1 while something stands against it.")
        {
            Examples =
            [
                ("A host that holds two addresses.", "printf '10.1.0.5 web-1\\n10.1.0.9 web-2\\n' | ipamctl recovery report --host node-a --holdings -"),
                ("One that holds nothing.", "ipamctl recovery report --host node-b --holdings /dev/null"),
            ],
        };
        command.Add(Host);
        command.Add(Use);
        command.Add(Holdings);
        command.Add(IssuedAt);
        return (command, ReportAsync);
    }

    public static (ExampleCommand, CommandBody) End()
    {
        var command = new ExampleCommand("end", "End the recovery: what is free may be assigned again. Refused while somebody who may hold addresses has not reported.")
        {
            Examples =
            [
                ("All have reported.", "ipamctl recovery end"),
                ("A host is gone for good, and with it whatever it held.", "ipamctl recovery end --accept-loss"),
            ],
        };
        command.Add(AcceptLoss);
        return (command, EndAsync);
    }

    private static async Task<int> ShowAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var view = await session.Client.Recovery.ShowAsync(cancellation);
        if (new AddressPrinter(session).TryPrintDocument(view, RecoveryJson.Readable.RecoveryView))
        {
            return 0;
        }

        if (!view.Recovering)
        {
            await session.Terminal.Out.WriteLineAsync("Nothing is recovering.");
            return 0;
        }

        await session.Terminal.Out.WriteLineAsync($"Restored at {view.BegunAt:u} from a backup of {view.TakenAt:u}; nothing is assigned. {Plural.Of(view.Waiting.Length, "holder")} to report.");
        PlainTable.Write(
            session.Terminal.Out,
            ["HOLDER", "REPORTED"],
            [.. view.Waiting.Select(static name => (string[])[name, "no"]), .. view.Reported.Select(static name => (string[])[name, "yes"])]);
        return 0;
    }

    private static async Task<int> ReportAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var report = new RecoveryReport
        {
            Host = arguments.GetRequiredValue(Host),
            Use = arguments.GetValue(Use),
            IssuedAt = AsOf.Read(arguments, IssuedAt, session.Terminal),
            Holdings = Read(arguments.GetRequiredValue(Holdings), session.Terminal),
        };
        var answer = await session.Client.Recovery.ReportAsync(report, cancellation);
        if (!new AddressPrinter(session).TryPrintDocument(answer, RecoveryJson.Readable.RecoveryReportAnswer))
        {
            Print(session.Terminal.Out, report, answer);
        }

        return answer.Conflicts.IsEmpty ? 0 : 1;
    }

    private static async Task<int> EndAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        await session.Client.Recovery.EndAsync(new() { AcceptLoss = arguments.GetValue(AcceptLoss) }, cancellation);
        await session.Terminal.Out.WriteLineAsync("The recovery has ended: what is free may be assigned.");
        return 0;
    }

    private static void Print(TextWriter output, RecoveryReport report, RecoveryReportAnswer answer)
    {
        foreach (var ip in answer.Adopted)
        {
            output.WriteLine($"Adopted {ip}.");
        }

        foreach (var conflict in answer.Conflicts)
        {
            output.WriteLine($"Conflict: {conflict.Why}");
        }

        foreach (var missing in answer.NotReported)
        {
            output.WriteLine($"Not reported: {missing.Ip} of {missing.Handle ?? "nobody named"}; it stays held until it is released.");
        }

        output.WriteLine($"{report.Host}: {answer.Adopted.Length} adopted, {answer.Kept} known, {Plural.Of(answer.Conflicts.Length, "conflict")}{(answer.Conflicts.IsEmpty ? "." : ": it counts as not reported.")}");
    }

    private static ImmutableArray<ReportedHolding> Read(string file, Terminal terminal)
    {
        try
        {
            using var lines = file == "-" ? new StreamReader(terminal.Input()) : new StreamReader(file);
            var holdings = ImmutableArray.CreateBuilder<ReportedHolding>();
            while (lines.ReadLine() is { } line)
            {
                if (line.Trim() is { Length: > 0 } text)
                {
                    holdings.Add(text.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var ip, var handle] ? new(ip, handle) : new(text, null));
                }
            }

            return holdings.ToImmutable();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"--holdings {file}: {e.Message}");
        }
    }
}

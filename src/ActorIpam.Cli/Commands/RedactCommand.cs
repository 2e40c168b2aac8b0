using System.CommandLine;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Cli.Commands;

/// <summary>Blanks the attributes of everything a handle held or holds.</summary>
internal static class RedactCommand
{
    private const int MostCalls = 100_000;

    private static readonly Option<string> Handle = new("--handle") { Description = "The handle whose attributes are blanked.", HelpName = "HANDLE", Required = true };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Without asking." };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand(
            "redact", "Blank the attributes of everything that a handle held or holds. That it held it, where and when, stays known; what is blanked cannot be brought back.")
        {
            Examples =
            [
                ("Forget what was noted about a workload.", "ipamctl ipam redact --handle web-1"),
                ("The same in a script.", "ipamctl ipam redact --handle web-1 --yes"),
            ],
        };
        command.Add(Handle);
        command.Add(Yes);
        return (command, RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var handle = arguments.GetRequiredValue(Handle);
        if (!arguments.GetValue(Yes) && !await AgreesAsync(session.Terminal, handle, cancellation))
        {
            await session.Terminal.Error.WriteLineAsync("ipamctl: nothing was changed.");
            return 1;
        }

        var (redacted, through) = (0L, (DateTimeOffset?)null);
        for (var call = 0; call < MostCalls; call++)
        {
            var answer = await session.Client.History.RedactAsync(new RedactRequest { Handle = handle, Through = through }, cancellation);
            (redacted, through) = (redacted + answer.Redacted, answer.Through);
            if (answer.Done)
            {
                await session.Terminal.Out.WriteLineAsync(redacted == 0 ? $"Nothing of '{handle}' shows attributes." : $"Blanked the attributes of {redacted} {(redacted == 1 ? "holder" : "holders")} of '{handle}'.");
                return 0;
            }

            if (session.Terminal.IsInteractive)
            {
                await session.Terminal.Error.WriteLineAsync($"{redacted} blanked so far …");
            }
        }

        throw new CommandFailure($"{redacted} were blanked and there are more: run it again.");
    }

    private static async Task<bool> AgreesAsync(Terminal terminal, string handle, CancellationToken cancellation)
    {
        if (!terminal.CanAsk)
        {
            throw new CommandFailure("This asks before it blanks, and there is nobody to ask here: say --yes.");
        }

        await terminal.Error.WriteAsync($"Blank the attributes of everything that '{handle}' held or holds, for good? [y/N] ");
        using var input = new StreamReader(terminal.Input(), leaveOpen: true);
        return (await input.ReadLineAsync(cancellation))?.Trim() is "y" or "Y" or "yes";
    }
}

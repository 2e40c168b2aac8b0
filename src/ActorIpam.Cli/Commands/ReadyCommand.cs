using System.CommandLine;
using System.Globalization;
using ActorIpam.Client.Http;

namespace ActorIpam.Cli.Commands;

/// <summary>Asks whether a member can commit, once or until it can: for scripts, and for the health check of a container.</summary>
internal static class ReadyCommand
{
    private const int LongestWait = 3600;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly Option<double> Wait = new("--wait")
    {
        Description = $"Ask again until it is ready, at most so many seconds (0 to {LongestWait}).",
        HelpName = "SECONDS",
    };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("ready", "Tell whether a member serves and can commit.")
        {
            Examples =
            [
                ("Is it there? Exit status 0 if so, 1 if not.", "ipamctl ready"),
                ("Wait for a start, at most half a minute.", "ipamctl ready --wait 30"),
            ],
        };
        command.Add(Wait);
        return (command, RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var wait = arguments.GetValue(Wait);
        if (wait is not (>= 0 and <= LongestWait))
        {
            throw new CommandFailure($"--wait takes a number of seconds from 0 to {LongestWait.ToString(CultureInfo.InvariantCulture)}.");
        }

        var looks = (int)(TimeSpan.FromSeconds(wait) / Pause);
        for (var look = 0; ; look++)
        {
            try
            {
                await session.Client.ReadyAsync(cancellation);
                await session.Terminal.Out.WriteLineAsync("ready");
                return 0;
            }
            catch (Exception e) when (e is ServerUnreachableException or ApiException { Status.Code: 503 } && look < looks)
            {
                await session.Terminal.Wait(Pause, cancellation);
            }
        }
    }
}

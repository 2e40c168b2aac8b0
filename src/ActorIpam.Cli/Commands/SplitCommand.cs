using System.CommandLine;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Cli.Commands;

/// <summary>Splits a pool into equal ones while it is in use (semantics.md §4.5). Interrupted, it goes on when it is run again.</summary>
internal static class SplitCommand
{
    /// <summary>Calls in a row that neither create a part nor move a block, before it is given up.</summary>
    private const int MostIdleCalls = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly Argument<int> Parts = new("parts") { Description = "Into how many pools: a power of two.", HelpName = "N" };
    private static readonly Option<string?> Name = new("--name") { Description = "The pool, by name.", HelpName = "POOL" };
    private static readonly Option<string?> Range = new("--cidr") { Description = "The pool, by its CIDR.", HelpName = "CIDR" };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("split", "Split a pool into equal ones; addresses and blocks stay with their holders.")
        {
            Examples =
            [
                ("Four pools split-web-0 to split-web-3 in place of web.", "ipamctl ipam split 4 --name=web"),
                ("The same, the pool named by its range.", "ipamctl ipam split 4 --cidr=10.1.0.0/16"),
            ],
        };
        command.Add(Parts);
        command.Add(Name);
        command.Add(Range);
        return (command, RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var pool = (arguments.GetValue(Name), arguments.GetValue(Range)) switch
        {
            ({ Length: > 0 } name, null) => name,
            (null, { Length: > 0 } range) => range,
            _ => throw new CommandFailure("Say which pool to split: --name POOL or --cidr CIDR."),
        };
        var request = new SplitRequest { Pool = pool, Parts = arguments.GetRequiredValue(Parts) };
        var (moved, idle, created) = (0L, 0, -1);
        while (true)
        {
            var answer = await session.Client.Blocks.SplitAsync(request, cancellation);
            moved += answer.Moved;
            await ShowAsync(session, answer, moved);
            if (answer.Done)
            {
                await TellAsync(session, answer);
                return 0;
            }

            idle = answer.Moved == 0 && answer.Continue is null && answer.Created == created ? idle + 1 : 0;
            if (idle > MostIdleCalls)
            {
                throw new CommandFailure($"{pool} is disabled and its parts exist, but its blocks change owners as fast as they are moved: run this again later.");
            }

            if (idle > 0)
            {
                await session.Terminal.Wait(Pause, cancellation);
            }

            created = answer.Created;
            request = request with { Continue = answer.Continue };
        }
    }

    /// <summary>One line that is written over, on a terminal only: a pipe gets nothing but results.</summary>
    private static async Task ShowAsync(Session session, SplitAnswer answer, long moved)
    {
        if (session.Terminal.IsInteractive)
        {
            await session.Terminal.Error.WriteAsync($"\r{answer.Created} of {answer.Pools.Length} pools, {moved} blocks moved{(answer.Done ? "\n" : "")}");
        }
    }

    private static async Task TellAsync(Session session, SplitAnswer answer)
    {
        foreach (var name in answer.Pools)
        {
            await session.Terminal.Out.WriteLineAsync(name);
        }
    }
}

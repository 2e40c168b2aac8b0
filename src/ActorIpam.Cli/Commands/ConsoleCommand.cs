using System.CommandLine;
using ActorIpam.Cli.Prompting;

namespace ActorIpam.Cli.Commands;

/// <summary><c>console</c>: a prompt in which all commands work.</summary>
internal static class ConsoleCommand
{
    public const string Name = "console";

    public static (ExampleCommand, CommandBody) Build() => (
        new(Name, "Open a prompt in which all commands work without the program's name: Tab completes, the arrows recall, help helps, exit ends. Lines that are piped in are run one after the other.")
        {
            Examples =
            [
                ("A prompt at a member.", "ipamctl console --server http://127.0.0.1:7080"),
                ("A few commands in one process.", "printf 'get ippools\\nipam show\\n' | ipamctl console"),
            ],
        },
        RunAsync);

    private static Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var carried = GlobalOptions.All
            .Where(option => arguments.GetResult(option) is { Implicit: false })
            .SelectMany(option => arguments.GetResult(option)!.Tokens.Select(token => token.Value).Prepend(option.Name));
        return new Prompt(session.Terminal, [.. carried]).RunAsync(cancellation);
    }
}

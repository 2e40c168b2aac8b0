using System.Collections.Immutable;
using System.CommandLine.Parsing;
using ActorIpam.Cli.Commands;

namespace ActorIpam.Cli.Prompting;

/// <summary>Runs lines as commands: typed at a terminal, or read from a pipe without a prompt.</summary>
/// <param name="terminal">Where the lines come from and the answers go.</param>
/// <param name="carried">Options of every command that were given to the console itself; a line may give its own instead.</param>
internal sealed class Prompt(Terminal terminal, ImmutableArray<string> carried)
{
    private const string Program = "ipamctl";

    /// <returns>0 when it was ended at the keyboard; from a pipe 1 when any line failed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        if (terminal.Keys is { } keys)
        {
            var editor = new LineEditor(terminal.Out, keys, Complete);
            while (!cancellation.IsCancellationRequested && editor.Read($"{Program}> ") is { } typed)
            {
                if (await RunLineAsync(typed, terminal, cancellation) is null)
                {
                    break;
                }
            }

            return 0;
        }

        return await RunPipedAsync(cancellation);
    }

    private async Task<int> RunPipedAsync(CancellationToken cancellation)
    {
        using var lines = new StreamReader(terminal.Input());

        // The lines are standard input; a command that reads it as well would take the others away.
        var inner = terminal with { Input = static () => Stream.Null };
        var worst = 0;
        while (await lines.ReadLineAsync(cancellation) is { } line && await RunLineAsync(line, inner, cancellation) is { } exit)
        {
            worst = Math.Max(worst, exit);
        }

        return worst;
    }

    /// <returns>The exit status of the line; null when it ends the console.</returns>
    private async Task<int?> RunLineAsync(string line, Terminal around, CancellationToken cancellation)
    {
        var words = CommandLineParser.SplitCommandLine(line).ToList();
        if (words is [Program, ..])
        {
            words.RemoveAt(0);
        }

        switch (words)
        {
            case [] or [['#', ..], ..]:
                return 0;
            case ["exit" or "quit"]:
                return null;
            case ["help", .. var about]:
                return await CommandLine.RunAsync([.. about, "--help"], around, cancellation);
            case [ConsoleCommand.Name, ..]:
                await around.Error.WriteLineAsync("This is the console already.");
                return 1;
            default:
                return await CommandLine.RunAsync([.. words, .. Missing(words)], around, cancellation);
        }
    }

    /// <summary>The carried options that the line does not give itself.</summary>
    private List<string> Missing(List<string> words)
    {
        var missing = new List<string>();
        for (var i = 0; i < carried.Length;)
        {
            var next = i + 1;
            while (next < carried.Length && !carried[next].StartsWith('-'))
            {
                next++;
            }

            var option = GlobalOptions.All.First(known => known.Name == carried[i]);
            if (!words.Exists(word => option.Aliases.Append(option.Name).Any(name => word == name || word.StartsWith(name + "=", StringComparison.Ordinal))))
            {
                missing.AddRange(carried[i..next]);
            }

            i = next;
        }

        return missing;
    }

    private IReadOnlyList<string> Complete(string line)
    {
        // An unfinished word is completed by the commands themselves, as in a shell; the carried options say which member to ask.
        var connected = carried.IsEmpty ? line : $"{string.Join(' ', carried)} {line}";
        var offered = CommandLine.Build(terminal).Parse(connected).GetCompletions(connected.Length).Select(item => item.InsertText ?? item.Label);
        var typed = line.Split(' ')[^1];
        return
        [
            .. offered.Where(word => word.StartsWith(typed, StringComparison.Ordinal) && (typed.StartsWith('-') || word[0] is not ('-' or '/')))
                .Distinct().Order(StringComparer.Ordinal),
        ];
    }
}

using System.CommandLine;

namespace ActorIpam.Cli.Tests;

/// <summary>Every command there is, by what one types behind the program's name.</summary>
internal static class CommandTree
{
    public static IReadOnlyList<(string Path, Command Command)> All { get; } =
        [.. Below("", CommandLine.Build(new() { Out = TextWriter.Null, Error = TextWriter.Null, Input = () => Stream.Null, Environment = _ => null }))];

    private static IEnumerable<(string Path, Command Command)> Below(string path, Command command) =>
        command.Subcommands.Where(inner => !inner.Hidden)
            .SelectMany(inner => Below($"{path} {inner.Name}".TrimStart(), inner))
            .Prepend((path, command));
}

using System.CommandLine;
using System.Text;
using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

/// <summary>The part of the reference that lists commands is what the commands say of themselves.</summary>
public sealed class ReferenceTests
{
    private const string File = "docs/reference/ipamctl.md";
    private const string Begin = "<!-- What follows is written by UPDATE_GOLDEN=1 from the commands themselves. -->\n";

    [Fact]
    public async Task The_reference_lists_every_command_with_its_arguments_options_and_examples()
    {
        var document = await System.IO.File.ReadAllTextAsync(Path.Combine(Golden.Root, File), TestContext.Current.CancellationToken);
        var at = document.IndexOf(Begin, StringComparison.Ordinal);
        at.ShouldBeGreaterThan(0, $"{File} has lost the line behind which the commands stand.");
        Golden.Check(File, document[..(at + Begin.Length)] + Commands());
    }

    private static string Commands()
    {
        var text = new StringBuilder("\n## Options of every command\n\n");
        Table(text, "Option", GlobalOptions.All.Select(Row));
        text.Append("\n## Commands\n");
        foreach (var (path, command) in CommandTree.All.Where(one => one.Path.Length > 0 && one.Command.Subcommands.Count == 0))
        {
            Describe(text, path, (ExampleCommand)command);
        }

        return text.ToString();
    }

    private static void Describe(StringBuilder text, string path, ExampleCommand command)
    {
        var arguments = string.Concat(command.Arguments.Select(argument => $" {Shape(argument)}"));
        text.Append($"\n### ipamctl {path}\n\n{command.Description}\n\n    ipamctl {path}{arguments}{(command.Options.Count > 0 ? " [options]" : "")}\n");
        if (command.Arguments.Count > 0)
        {
            text.Append('\n');
            Table(text, "Argument", command.Arguments.Select(argument => ($"`{Name(argument)}`", argument.Description!)));
        }

        if (command.Options.Count > 0)
        {
            text.Append('\n');
            Table(text, "Option", command.Options.Select(Row));
        }

        text.Append("\n```sh\n");
        text.AppendJoin("\n", command.Examples.Select(example => $"# {example.What}\n{example.Type}\n"));
        text.Append("```\n");
    }

    private static (string, string) Row(Option option)
    {
        var names = string.Join(", ", option.Aliases.Prepend(option.Name).Select(name => $"`{name}`"));
        return (option.HelpName is { } value ? $"{names} `{value}`" : names, option.Description! + (option.Required ? " Required." : ""));
    }

    private static string Name(Argument argument) => argument.HelpName ?? argument.Name.ToUpperInvariant();

    private static string Shape(Argument argument)
    {
        var name = Name(argument) + (argument.Arity.MaximumNumberOfValues > 1 ? "…" : "");
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static void Table(StringBuilder text, string heading, IEnumerable<(string Left, string Right)> rows)
    {
        text.Append($"| {heading} | |\n|---|---|\n");
        foreach (var (left, right) in rows)
        {
            text.Append($"| {left} | {right.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }
    }
}

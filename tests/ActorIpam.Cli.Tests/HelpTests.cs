using System.CommandLine;
using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

/// <summary>The help of every command, whoever adds one.</summary>
public sealed class HelpTests
{
    private const string Folder = "tests/ActorIpam.Cli.Tests/Golden/help";

    public static TheoryData<string> Commands => [.. CommandTree.All.Select(one => one.Path)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_shows_its_help_as_the_golden_file_has_it(string command)
    {
        var ran = await Ipamctl.RunAsync(null, "", [.. Words(command), "--help"]);

        ran.Exit.ShouldBe(0);
        ran.Error.ShouldBeEmpty();
        Golden.Check($"{Folder}/{FileOf(command)}", ran.Out.Replace(RootCommand.ExecutableName, "ipamctl", StringComparison.Ordinal));
    }

    [Fact]
    public void No_golden_file_is_left_of_a_command_that_is_gone() =>
        Directory.GetFiles(Path.Combine(Golden.Root, Folder)).Select(Path.GetFileName).Except(CommandTree.All.Select(one => FileOf(one.Path))).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_has_an_example_that_uses_it_and_says_what_it_is_for(string path)
    {
        var command = CommandTree.All.Single(one => one.Path == path).Command;
        command.Description.ShouldNotBeNullOrWhiteSpace();
        if (path.Length == 0)
        {
            return;
        }

        var examples = command.ShouldBeOfType<ExampleCommand>().Examples;
        examples.ShouldNotBeEmpty();
        examples.ShouldAllBe(example => example.What.EndsWith('.') || example.What.EndsWith('?'));
        examples.ShouldAllBe(example => example.Type.Contains($"ipamctl {path}", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_option_and_argument_says_what_it_is_for(string path)
    {
        var command = CommandTree.All.Single(one => one.Path == path).Command;
        command.Options.Cast<Symbol>().Concat(command.Arguments).Where(symbol => string.IsNullOrWhiteSpace(symbol.Description)).Select(symbol => symbol.Name).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("fly")]
    [InlineData("get", "--fly")]
    [InlineData("ipam", "assign")]
    [InlineData("ipam")]
    public async Task A_wrong_line_is_told_on_standard_error_with_status_1(params string[] arguments)
    {
        var ran = await Ipamctl.RunAsync(null, "", arguments);

        ran.Exit.ShouldBe(1);
        ran.Error.ShouldNotBeEmpty();
    }

    private static string FileOf(string command) => $"{(command.Length == 0 ? "ipamctl" : command.Replace(' ', '-'))}.txt";

    private static string[] Words(string command) => command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

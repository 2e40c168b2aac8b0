using System.Diagnostics;
using Shouldly;
using Xunit;

namespace ActorIpam.EndToEnd;

/// <summary>The commands of the README, typed as they stand there.</summary>
public sealed class ReadmeTests
{
    internal static readonly string Root = RootOf(AppContext.BaseDirectory);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_command_starts_a_member_and_the_others_do_what_the_text_says()
    {
        var commands = Commands();
        var run = commands.Single(command => command.StartsWith("dotnet run ", StringComparison.Ordinal));
        using var member = Start("sh", ["-c", $"exec {run.Replace("dotnet run ", "dotnet run --no-build ", StringComparison.Ordinal)} --listen http://127.0.0.1:0 --journal memory:"], server: null);
        try
        {
            var url = await ReadyAsync(member);
            var outputs = new List<string>();
            foreach (var command in commands.Where(command => command.StartsWith("./ipamctl ", StringComparison.Ordinal)))
            {
                using var typed = Start("sh", ["-c", command], url);
                var (output, errors) = (await typed.StandardOutput.ReadToEndAsync(Cancellation), await typed.StandardError.ReadToEndAsync(Cancellation));
                await typed.WaitForExitAsync(Cancellation);
                typed.ExitCode.ShouldBe(0, $"{command}\n{output}{errors}");
                outputs.Add(output);
            }

            outputs.Count.ShouldBeGreaterThan(7);
            outputs.ShouldContain(output => output.Contains("1 borrowed", StringComparison.Ordinal), "the map of the borrowing example shows it");
        }
        finally
        {
            member.Kill(entireProcessTree: true);
            await member.WaitForExitAsync(Cancellation);
        }
    }

    /// <summary>The lines of all blocks marked sh, without their comments.</summary>
    private static List<string> Commands()
    {
        var (commands, inside) = (new List<string>(), false);
        foreach (var line in File.ReadLines(Path.Combine(Root, "README.md")))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inside = line == "```sh";
            }
            else if (inside)
            {
                commands.Add(line.Split(" #")[0].TrimEnd());
            }
        }

        return commands;
    }

    private static async Task<string> ReadyAsync(Process member)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await member.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("ready ", StringComparison.Ordinal))
            {
                return line["ready ".Length..];
            }
        }

        throw new InvalidOperationException($"The member ended: {await member.StandardError.ReadToEndAsync(patience.Token)}");
    }

    private static Process Start(string program, string[] arguments, string? server)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true };
        if (server is not null)
        {
            start.Environment["IPAM_SERVER"] = server;
        }

        return Process.Start(start)!;
    }

    private static string RootOf(string folder) =>
        File.Exists(Path.Combine(folder, "ActorIpam.sln")) ? folder : RootOf(Path.GetDirectoryName(folder.TrimEnd('/')) ?? throw new DirectoryNotFoundException("The repository's root is not above the tests."));
}

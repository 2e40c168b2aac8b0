using System.Text;

namespace ActorIpam.Cli.Tests;

/// <summary>Runs the command line in this process and keeps what it printed.</summary>
internal static class Ipamctl
{
    public static Task<Ran> RunAsync(FakeMember member, params string[] arguments) => RunAsync(member.Url, "", arguments);

    public static async Task<Ran> RunAsync(string? server, string input, string[] arguments, Func<Terminal, Terminal>? change = null, CancellationToken? interrupt = null)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var terminal = new Terminal
        {
            Out = output,
            Error = error,
            Input = () => new MemoryStream(Encoding.UTF8.GetBytes(input)),
            Environment = name => name == GlobalOptions.ServerVariable ? server : null,
            Wait = (_, _) => Task.CompletedTask,
        };
        var exit = await CommandLine.RunAsync(arguments, change?.Invoke(terminal) ?? terminal, interrupt ?? Xunit.TestContext.Current.CancellationToken);
        return new(exit, output.ToString(), error.ToString());
    }

    internal sealed record Ran(int Exit, string Out, string Error);
}

using System.CommandLine;
using System.Reflection;

namespace ActorIpam.Cli.Commands;

/// <summary>Says which program this is, and which one answers.</summary>
internal static class VersionCommand
{
    private static readonly Option<bool> ClientOnly = new("--client") { Description = "Only this program; nobody is asked." };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("version", "Show the versions of this program and of the member that answers.")
        {
            Examples =
            [
                ("Both versions.", "ipamctl version"),
                ("Only this program's.", "ipamctl version --client"),
            ],
        };
        command.Add(ClientOnly);
        return (command, RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var own = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        await session.Terminal.Out.WriteLineAsync($"ipamctl v{own}");
        if (!arguments.GetValue(ClientOnly))
        {
            await session.Terminal.Out.WriteLineAsync($"ipamd   {await session.Client.VersionAsync(cancellation)}");
        }

        return 0;
    }
}

using System.CommandLine;
using System.Text.Json;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Json;

namespace ActorIpam.Cli.Commands;

/// <summary>Tells who the member takes this program for.</summary>
internal static class WhoAmICommand
{
    public static (ExampleCommand, CommandBody) Build() => (
        new("whoami", "Show who the member takes you for; with -o wide what each call needs.")
        {
            Examples = [("Is this token still good, and for what?", "IPAM_TOKEN_FILE=ci.token ipamctl whoami"), ("What does each call need?", "ipamctl whoami -o wide")],
        },
        RunAsync);

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var access = await session.Client.Access.WhoAmIAsync(cancellation);
        if (session.Format.Kind is OutputKind.Json)
        {
            await session.Terminal.Out.WriteLineAsync(JsonSerializer.Serialize(access, ApiJson.Readable.AccessView));
            return 0;
        }

        PlainTable.Write(session.Terminal.Out, ["IDENTITY", "ROLE", "HOST"], [[access.Identity, access.Role, access.Host ?? "-"]]);
        if (session.Format.Kind is OutputKind.Wide)
        {
            PlainTable.Write(session.Terminal.Out, ["METHOD", "PATH", "NEEDS"], [.. access.Routes.Select(route => (string[])[route.Method, route.Path, route.Needs])]);
        }

        return 0;
    }
}

using System.CommandLine;

namespace ActorIpam.Cli.Commands;

/// <summary>Revokes tokens: the member that answers knows them no more, the others within seconds.</summary>
internal static class TokenRevokeCommand
{
    private static readonly Argument<string[]> Names = new("tokens") { Description = "The names of tokens.", HelpName = "NAME", Arity = ArgumentArity.OneOrMore };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("revoke", "Revoke tokens: no member accepts them after a few seconds.")
        {
            Examples = [("A token was seen by somebody it is not for.", "ipamctl token revoke dashboard")],
        };
        command.Add(Names);
        return (command, RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        foreach (var name in arguments.GetRequiredValue(Names))
        {
            await session.Client.Access.RevokeAsync(name, cancellation);
            await session.Terminal.Out.WriteLineAsync($"Revoked {name}.");
        }

        return 0;
    }
}

using System.CommandLine;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;

namespace ActorIpam.Cli.Commands;

/// <summary>Lists the tokens, without their texts, which nobody has.</summary>
internal static class TokenListCommand
{
    public static (ExampleCommand, CommandBody) Build() => (
        new("list", "List the tokens: who they are for, what they allow, until when.") { Examples = [("Who may call?", "ipamctl token list"), ("The same for a program.", "ipamctl token list -o json")] },
        RunAsync);

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var tokens = await session.Client.Access.ListAsync(cancellation);
        switch (session.Format.Kind)
        {
            case OutputKind.Json:
                await session.Terminal.Out.WriteLineAsync(JsonSerializer.Serialize(new() { Items = tokens }, ApiJson.Readable.TokenViews));
                break;
            case OutputKind.Name:
                tokens.ToList().ForEach(token => session.Terminal.Out.WriteLine(token.Name));
                break;
            case OutputKind.Table or OutputKind.Wide:
                Print(session.Terminal.Out, tokens);
                break;
            default:
                throw new CommandFailure("token list prints table, json or name.");
        }

        return 0;
    }

    private static void Print(TextWriter output, ImmutableArray<TokenView> tokens) => PlainTable.Write(
        output,
        ["NAME", "ROLE", "HOST", "CREATED", "BY", "EXPIRES"],
        [.. tokens.Select(token => (string[])[token.Name, token.Role, token.Host ?? "-", Time(token.CreatedAt), token.CreatedBy, Expiry(token)])]);

    private static string Expiry(TokenView token) => token switch
    {
        { ExpiresAt: null } => "never",
        { Expired: true, ExpiresAt: { } at } => $"expired {Time(at)}",
        { ExpiresAt: { } at } => Time(at),
    };

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

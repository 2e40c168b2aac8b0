using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;

namespace ActorIpam.Cli.Commands;

/// <summary>Makes a token. Standard output gets the token and nothing else, so that it can go into a file; it cannot be shown again.</summary>
internal static class TokenCreateCommand
{
    private static readonly Argument<string> TokenName = new("token") { Description = "Who the token is for; unique among the tokens there are.", HelpName = "NAME" };

    private static readonly Option<string> Role = new("--role")
    {
        Description = "viewer looks at everything; allocator assigns and releases for one host; operator does everything.",
        HelpName = "ROLE",
        Required = true,
        CompletionSources = { "viewer", "allocator", "operator" },
    };

    private static readonly Option<string?> Host = new("--host") { Description = "The one host of an allocator.", HelpName = "HOST" };

    private static readonly Option<string?> Expires = new("--expires") { Description = "How long it lasts: 90m, 12h, 30d. Without it, until it is revoked.", HelpName = "TIME" };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("create", "Make a token and print it, the only time it can be seen.")
        {
            Examples =
            [
                ("A token for a dashboard, into a file that only its owner reads.", "(umask 077; ipamctl token create dashboard --role viewer > dashboard.token)"),
                ("One for the agent of a host, for 30 days.", "ipamctl token create rack-1 --role allocator --host rack-1 --expires 30d"),
            ],
        };
        command.Add(TokenName);
        command.Add(Role);
        command.Add(Host);
        command.Add(Expires);
        return (command, RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var request = new TokenRequest
        {
            Name = arguments.GetRequiredValue(TokenName),
            Role = arguments.GetRequiredValue(Role),
            Host = arguments.GetValue(Host),
            ExpiresInSeconds = arguments.GetValue(Expires) is { } text ? Seconds(text) : null,
        };
        var grant = await session.Client.Access.CreateAsync(request, cancellation);
        if (session.Format.Kind is OutputKind.Json)
        {
            await session.Terminal.Out.WriteLineAsync(JsonSerializer.Serialize(grant, ApiJson.Readable.TokenGrant));
            return 0;
        }

        await session.Terminal.Out.WriteLineAsync(grant.Token);
        await session.Terminal.Error.WriteLineAsync($"Keep it now: it cannot be shown again. Revoke it with 'ipamctl token revoke {grant.About.Name}'.");
        return 0;
    }

    private static long Seconds(string text)
    {
        var unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 60 * 60, 'd' => 24 * 60 * 60, _ => 0 };
        return unit > 0 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? (long)unit * count
            : throw new CommandFailure($"--expires: '{text}' is no time such as 90m, 12h or 30d.");
    }
}

using System.CommandLine;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Http;

namespace ActorIpam.Cli;

/// <summary>One run of one command: the terminal, the format and, when asked for, a connection.</summary>
internal sealed class Session : IDisposable
{
    private readonly ParseResult _parsed;
    private IpamClient? _client;

    public Session(ParseResult parsed, Terminal terminal)
    {
        _parsed = parsed;
        Terminal = terminal;
        Format = OutputFormat.Parse(parsed.GetValue(GlobalOptions.Output));
    }

    public Terminal Terminal { get; }

    public OutputFormat Format { get; }

    public bool IsColored =>
        Terminal.IsInteractive && !_parsed.GetValue(GlobalOptions.NoColor) && string.IsNullOrEmpty(Terminal.Environment("NO_COLOR"));

    /// <summary>The members that were named; nothing is sent before the first call.</summary>
    public IpamClient Client => _client ??= Connect();

    public void Dispose() => _client?.Dispose();

    private IpamClient Connect()
    {
        var servers = _parsed.GetValue(GlobalOptions.Server) ?? NotEmpty(Terminal.Environment(GlobalOptions.ServerVariable)) ?? GlobalOptions.DefaultServer;
        return ServerAddress.TryParseList(servers, out var addresses, out var why)
            ? new(new() { Servers = addresses, Token = _parsed.GetValue(GlobalOptions.Token) ?? NotEmpty(Terminal.Environment(GlobalOptions.TokenVariable)) })
            : throw new CommandFailure(why);
    }

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

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
    public IpamClient Client => _client ??= new(Connection.Options(_parsed, Terminal) with { At = AsOf.Of(_parsed, Terminal) });

    public void Dispose() => _client?.Dispose();
}

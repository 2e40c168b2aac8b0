using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorIpam.Client.Http;

namespace ActorIpam.Cli;

/// <summary>How to reach members: options first, then the environment, then the default.</summary>
internal static class Connection
{
    /// <exception cref="CommandFailure">An address or a file of authorities cannot be used.</exception>
    public static ClientOptions Options(ParseResult parsed, Terminal terminal)
    {
        var servers = parsed.GetValue(GlobalOptions.Server) ?? NotEmpty(terminal.Environment(GlobalOptions.ServerVariable)) ?? GlobalOptions.DefaultServer;
        return ServerAddress.TryParseList(servers, out var addresses, out var why)
            ? new()
            {
                Servers = addresses,
                Token = parsed.GetValue(GlobalOptions.Token) ?? NotEmpty(terminal.Environment(GlobalOptions.TokenVariable)),
                Authorities = parsed.GetValue(GlobalOptions.Ca) is { } file ? Authorities(file) : null,
            }
            : throw new CommandFailure(why);
    }

    private static X509Certificate2Collection Authorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandFailure($"--ca {file}: {e.Message}");
        }

        return authorities.Count > 0 ? authorities : throw new CommandFailure($"--ca {file}: there is no certificate (PEM) in it.");
    }

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

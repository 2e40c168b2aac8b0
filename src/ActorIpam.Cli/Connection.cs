using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorIpam.Client.Http;

namespace ActorIpam.Cli;

/// <summary>How to reach members, and what to present: options first, then the environment, then the default.</summary>
internal static class Connection
{
    /// <summary>Said behind a 401.</summary>
    public const string CredentialsHint = "Present a token with --token-file FILE or IPAM_TOKEN, or a certificate with --cert and --key.";

    /// <exception cref="CommandFailure">An address, a token or a file cannot be used.</exception>
    public static ClientOptions Options(ParseResult parsed, Terminal terminal)
    {
        var servers = parsed.GetValue(GlobalOptions.Server) ?? NotEmpty(terminal.Environment(GlobalOptions.ServerVariable)) ?? GlobalOptions.DefaultServer;
        if (!ServerAddress.TryParseList(servers, out var addresses, out var why))
        {
            throw new CommandFailure(why);
        }

        var (certificate, chain) = Certificate(
            parsed.GetValue(GlobalOptions.Cert) ?? NotEmpty(terminal.Environment(GlobalOptions.CertVariable)),
            parsed.GetValue(GlobalOptions.Key) ?? NotEmpty(terminal.Environment(GlobalOptions.KeyVariable)));
        var options = new ClientOptions
        {
            Servers = addresses,
            Token = Token(parsed, terminal),
            Authorities = (parsed.GetValue(GlobalOptions.Ca) ?? NotEmpty(terminal.Environment(GlobalOptions.CaVariable))) is { } file ? Authorities(file) : null,
            Certificate = certificate,
            CertificateChain = chain,
            AllowPlainToken = parsed.GetValue(GlobalOptions.AllowPlainToken),
        };
        return options.PlainTokenServer is { } open
            ? throw new CommandFailure($"The token would travel to {open} for everybody between to read: use https, or --allow-plain-token if that is meant.")
            : options;
    }

    private static string? Token(ParseResult parsed, Terminal terminal) => (parsed.GetValue(GlobalOptions.Token), parsed.GetValue(GlobalOptions.TokenFile)) switch
    {
        (not null, not null) => throw new CommandFailure("Give --token or --token-file, not both."),
        ({ } token, null) => Printable(token, "--token"),
        (null, { } file) => ReadToken(file, "--token-file"),
        _ when NotEmpty(terminal.Environment(GlobalOptions.TokenVariable)) is { } token => Printable(token, GlobalOptions.TokenVariable),
        _ when NotEmpty(terminal.Environment(GlobalOptions.TokenFileVariable)) is { } file => ReadToken(file, GlobalOptions.TokenFileVariable),
        _ => null,
    };

    private static string ReadToken(string file, string from)
    {
        try
        {
            return Printable(File.ReadAllText(file).Trim(), $"{from} {file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{from} {file}: {e.Message}");
        }
    }

    /// <summary>What is no token would break the header it travels in; it is not repeated, because it may be half of one.</summary>
    private static string Printable(string token, string from) =>
        token.Length > 0 && token.All(c => c is > ' ' and <= '~') ? token : throw new CommandFailure($"{from}: a token has printable characters and no blanks.");

    private static (X509Certificate2? Certificate, X509Certificate2Collection? Chain) Certificate(string? certificate, string? key)
    {
        if (certificate is null && key is null)
        {
            return (null, null);
        }

        if (certificate is null || key is null)
        {
            throw new CommandFailure("--cert and --key go together.");
        }

        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificate);
            return (X509Certificate2.CreateFromPemFile(certificate, key), chain);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            // An ArgumentException is what the platform throws for a key that does not belong to the certificate.
            throw new CommandFailure($"--cert {certificate}, --key {key}: {e.Message}");
        }
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

using System.Net;

namespace ActorIpam.Server.Options;

/// <summary>Where other members reach this one, and how they know each other.</summary>
/// <param name="Address">What is bound.</param>
/// <param name="Port">0 for any free port.</param>
/// <param name="Advertised">The URL others use; null for the one that is bound.</param>
/// <param name="Tls">Who may vouch for members, and what this one shows; null on loopback only.</param>
internal sealed record ClusterOptions(IPAddress Address, int Port, Uri? Advertised, ClusterCertificateFiles? Tls)
{
    private const string Example = "https://192.0.2.10:7081";

    /// <returns>Null when the member is alone.</returns>
    /// <exception cref="BadOptionException">They do not go together.</exception>
    public static ClusterOptions? Read(Func<KnownOption, string?> given, JournalChoice journal)
    {
        if (given(KnownOption.ClusterListen) is not { } text)
        {
            var lonely = new[] { KnownOption.Advertise, KnownOption.ClusterCa, KnownOption.ClusterCert, KnownOption.ClusterKey }.FirstOrDefault(option => given(option) is not null);
            return lonely is null ? null : throw new BadOptionException($"{lonely.Flag} goes with --cluster-listen.");
        }

        var listen = Url(KnownOption.ClusterListen, text);
        var address = AddressOf(listen);
        if (journal is not JournalChoice.Postgres)
        {
            throw new BadOptionException("--cluster-listen: members share a PostgreSQL journal; give --journal postgres:CONNECTION-STRING.");
        }

        var advertised = given(KnownOption.Advertise) is { } other ? Url(KnownOption.Advertise, other) : null;
        if (advertised is not null && advertised.Scheme != listen.Scheme)
        {
            throw new BadOptionException($"--advertise {advertised}: it must be {listen.Scheme}, as --cluster-listen is.");
        }

        if (advertised is null && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
        {
            throw new BadOptionException($"--cluster-listen {text}: every address of this machine is meant, so say with --advertise under which one other members reach it.");
        }

        return new(address, listen.Port, advertised, ClusterCertificateFiles.Read(listen.Scheme == "https", address, text, given));
    }

    /// <summary>The URL that others use, with the port that was bound.</summary>
    public Uri UrlWith(int port) => Advertised ?? new UriBuilder(Tls is null ? "http" : "https", Address.ToString(), port).Uri;

    private static Uri Url(KnownOption option, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.PathAndQuery == "/" && url.Fragment.Length == 0 && url.UserInfo.Length == 0
            ? url
            : throw new BadOptionException($"{option.Flag}: '{text}' is not an address such as {Example}.");

    private static IPAddress AddressOf(Uri url) =>
        url.Host == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(url.DnsSafeHost, out var address) ? address
        : throw new BadOptionException($"--cluster-listen: write the address instead of the name '{url.Host}'; --advertise may name it.");
}

/// <summary>The PEM files of mutual TLS between members.</summary>
/// <param name="Authority">Who signs members.</param>
/// <param name="Certificate">This member's certificate chain.</param>
/// <param name="Key">Its private key.</param>
internal sealed record ClusterCertificateFiles(string Authority, string Certificate, string Key)
{
    /// <returns>Null for loopback without TLS.</returns>
    /// <exception cref="BadOptionException">They are missing, or do not go with the address.</exception>
    public static ClusterCertificateFiles? Read(bool isHttps, IPAddress address, string listen, Func<KnownOption, string?> given)
    {
        var (authority, certificate, key) = (given(KnownOption.ClusterCa), given(KnownOption.ClusterCert), given(KnownOption.ClusterKey));
        if (!isHttps)
        {
            return (authority ?? certificate ?? key) is not null
                    ? throw new BadOptionException("--cluster-ca, --cluster-cert and --cluster-key go with an https address in --cluster-listen.")
                : IPAddress.IsLoopback(address) ? null
                : throw new BadOptionException(
                    $"--cluster-listen {listen}: other machines could reach this address, so members must know each other: use https with --cluster-ca, --cluster-cert and --cluster-key (ipamctl cluster certs makes them).");
        }

        if (authority is null || certificate is null || key is null)
        {
            throw new BadOptionException("An https address in --cluster-listen needs --cluster-ca, --cluster-cert and --cluster-key; ipamctl cluster certs makes them.");
        }

        foreach (var (option, file) in new[] { (KnownOption.ClusterCa, authority), (KnownOption.ClusterCert, certificate), (KnownOption.ClusterKey, key) })
        {
            if (!File.Exists(file))
            {
                throw new BadOptionException($"{option.Flag}: there is no file '{file}'.");
            }
        }

        return new(authority, certificate, key);
    }
}

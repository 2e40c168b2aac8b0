using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ActorIpam.Client.Http;

/// <summary>TLS towards one member: whom to trust, what to present, and a sentence when the member's certificate is not accepted.</summary>
/// <remarks>What the platform throws says that a certificate is invalid, and not why; the why is only known inside the handshake.</remarks>
internal sealed class ClientTls
{
    private volatile string? _problem;

    /// <summary>Why the certificate of the last handshake was not accepted; null when it was.</summary>
    public string? Problem => _problem;

    /// <param name="options">Of one connection handler.</param>
    /// <param name="client">Whom to trust and what to present.</param>
    /// <param name="host">The host that is called, as messages name it.</param>
    public void Apply(SslClientAuthenticationOptions options, ClientOptions client, string host)
    {
        if (client.Authorities is { } authorities)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            options.CertificateChainPolicy = policy;
        }

        if (client.Certificate is { } certificate)
        {
            options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, client.CertificateChain, offline: true);
        }

        options.RemoteCertificateValidationCallback = (_, presented, chain, errors) =>
        {
            _problem = errors == SslPolicyErrors.None ? null : Sentence(presented as X509Certificate2, chain, errors, host);
            return errors == SslPolicyErrors.None;
        };
    }

    private static string Sentence(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, string host)
    {
        if (certificate is null)
        {
            return "it presents no certificate";
        }

        var flaws = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status) ?? X509ChainStatusFlags.NoError;
        if (flaws.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            return DateTime.Now > certificate.NotAfter ? $"its certificate expired at {Time(certificate.NotAfter)}"
                : DateTime.Now < certificate.NotBefore ? $"its certificate is valid only from {Time(certificate.NotBefore)} on; is this machine's clock right?"
                : "a certificate that its own was signed with has expired";
        }

        if ((flaws & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
        {
            return $"its certificate is signed by '{certificate.Issuer}', which is not trusted here; name the authority with --ca FILE";
        }

        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? $"its certificate is for {Names(certificate)}, not for {host}"
            : $"its certificate is not accepted: {chain?.ChainStatus.Select(one => one.StatusInformation.Trim().TrimEnd('.')).FirstOrDefault() ?? errors.ToString()}";
    }

    private static string Names(X509Certificate2 certificate)
    {
        List<string> names =
        [
            .. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
                .SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString()))),
        ];
        return names.Count > 0 ? string.Join(", ", names) : $"'{certificate.Subject}'";
    }

    private static string Time(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

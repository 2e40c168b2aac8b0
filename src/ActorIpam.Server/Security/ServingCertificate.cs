using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ActorIpam.Server.Options;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ActorIpam.Server.Security;

/// <summary>The certificate of the public port, exchanged while it is in use: connections that stand keep the old one, new ones get the new one.</summary>
/// <param name="files">The chain, leaf first, and the key.</param>
/// <param name="asksForCertificates">Whether callers are asked for one of theirs; whose it is, is judged with the first request.</param>
internal sealed class ServingCertificate(CertificateFiles files, bool asksForCertificates) : IReloaded
{
    /// <summary>A caller who does not finish the handshake by then is cut off.</summary>
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What is wrong with a caller's certificate is judged by <see cref="ClientAuthorities"/>, with the request: a caller gets a sentence then, not a broken connection.
    /// </summary>
    private const SslPolicyErrors JudgedLater =
        SslPolicyErrors.RemoteCertificateNotAvailable | SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch;

    private readonly WatchedFiles _files = new(files.Certificate, files.Key);
    private volatile SslServerAuthenticationOptions? _options;

    public string What => $"--tls-cert {files.Certificate}, --tls-key {files.Key}";

    public TlsHandshakeCallbackOptions Handshake => new()
    {
        HandshakeTimeout = HandshakeTimeout,
        OnConnection = _ => new(_options ?? throw new InvalidOperationException("The certificate is read before the port is opened.")),
    };

    public string? Reload()
    {
        if (!_files.Changed())
        {
            return null;
        }

        // A key that does not belong to the certificate is refused here.
        var leaf = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(files.Certificate);
        _options = new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(leaf, chain, offline: true),
            ClientCertificateRequired = asksForCertificates,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, _, _, errors) => (errors & ~JudgedLater) == SslPolicyErrors.None,
        };
        _files.Take();
        return $"{leaf.Subject}, until {leaf.NotAfter.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture)}";
    }
}

using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ActorIpam.EndToEnd.Security;

/// <summary>A small certificate authority whose files lie in the workspace of a test.</summary>
internal sealed class Authority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1", ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly Workspace _workspace;
    private readonly X509Certificate2 _root;
    private byte _serial;

    public Authority(Workspace workspace, string name = "ca")
    {
        _workspace = workspace;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
        File = workspace.Write($"{name}.crt", _root.ExportCertificatePem());
    }

    /// <summary>Its own certificate (PEM).</summary>
    public string File { get; }

    /// <summary>A certificate for 127.0.0.1.</summary>
    public (string Certificate, string Key) Server(string name) => Issue(name, $"CN={name}", ServerAuthentication, DateTimeOffset.UtcNow.AddDays(1));

    public (string Certificate, string Key) Client(string name, string subject, DateTimeOffset? until = null, bool forServers = false) =>
        Issue(name, subject, forServers ? ServerAuthentication : ClientAuthentication, until ?? DateTimeOffset.UtcNow.AddDays(1));

    /// <summary>Connects, trusting this authority alone.</summary>
    public Api Connect(Uri url, string? token = null, (string Certificate, string Key)? client = null)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(_root);
        if (client is var (certificate, key))
        {
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(certificate, key), null, offline: true);
        }

        return new(handler, new($"https://127.0.0.1:{url.Port}"), token);
    }

    public void Dispose() => _root.Dispose();

    private (string Certificate, string Key) Issue(string name, string subject, string purpose, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(purpose)], critical: false));
        if (purpose == ServerAuthentication)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
        }

        using var certificate = request.Create(_root, DateTimeOffset.UtcNow.AddDays(-2), until, [++_serial]);
        return (_workspace.Write($"{name}.crt", certificate.ExportCertificatePem()), _workspace.Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }
}

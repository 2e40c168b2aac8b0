using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorIpam.Server.Hosting;
using ActorIpam.Server.Options;
using ActorIpam.Server.Telemetry;

namespace ActorIpam.Server.Cluster;

/// <summary>What this member shows to others and whom it believes, read again when the files change.</summary>
/// <remarks>
/// Looked at for each new connection, at most once a second. Files that cannot be read – caught half written, for example – change nothing:
/// what was read before stays in use, and the log says so once a change.
/// </remarks>
internal sealed class ClusterCertificates
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly ClusterCertificateFiles _files;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private Known _known;
    private string _stamps;
    private long _lookedAt;

    /// <exception cref="CannotStartException">The files cannot be used.</exception>
    public ClusterCertificates(ClusterCertificateFiles files, TimeProvider time, ILogger log)
    {
        (_files, _time, _log) = (files, time, log);
        _stamps = Stamps();
        _lookedAt = time.GetTimestamp();
        try
        {
            _known = Read();
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            throw new CannotStartException($"--cluster-ca, --cluster-cert, --cluster-key: {e.Message}", e);
        }
    }

    /// <summary>Certificate and key, with what leads to the authority.</summary>
    public SslStreamCertificateContext Shown => Current().Shown;

    /// <summary>The certificate alone, for a client.</summary>
    public X509Certificate2 Certificate => Current().Certificate;

    /// <summary>Whether the other side's certificate is one of the cluster's: signed by its authority, in force, and made for this use.</summary>
    /// <param name="certificate">What it has shown; null for nothing.</param>
    /// <param name="use">What it must be made for: <see cref="ServerUse"/> or <see cref="ClientUse"/>.</param>
    public bool Believes(X509Certificate? certificate, Oid use)
    {
        if (certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(use);
        chain.ChainPolicy.CustomTrustStore.AddRange(Current().Authorities);
        using var shown = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(shown);
    }

    public static Oid ServerUse { get; } = new("1.3.6.1.5.5.7.3.1");

    public static Oid ClientUse { get; } = new("1.3.6.1.5.5.7.3.2");

    private Known Current()
    {
        lock (_gate)
        {
            if (_time.GetElapsedTime(_lookedAt) < Look)
            {
                return _known;
            }

            _lookedAt = _time.GetTimestamp();
            var stamps = Stamps();
            if (stamps == _stamps)
            {
                return _known;
            }

            _stamps = stamps;
            try
            {
                _known = Read();
                Log.CertificatesRead(_log, _known.Certificate.NotAfter.ToUniversalTime());
            }
            catch (Exception e) when (IsOfFiles(e))
            {
                Log.CertificatesRefused(_log, e.Message);
            }

            return _known;
        }
    }

    private Known Read()
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(_files.Authority);
        if (authorities.Count == 0)
        {
            throw new CryptographicException($"{_files.Authority} holds no certificate.");
        }

        var certificate = X509Certificate2.CreateFromPemFile(_files.Certificate, _files.Key);
        var between = new X509Certificate2Collection();
        between.ImportFromPemFile(_files.Certificate);
        return new(certificate, SslStreamCertificateContext.Create(certificate, between, offline: true), authorities);
    }

    private string Stamps() => string.Join(' ', new[] { _files.Authority, _files.Certificate, _files.Key }.Select(static file => File.GetLastWriteTimeUtc(file).Ticks));

    private static bool IsOfFiles(Exception e) => e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;

    private sealed record Known(X509Certificate2 Certificate, SslStreamCertificateContext Shown, X509Certificate2Collection Authorities);
}

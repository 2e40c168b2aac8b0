using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ActorIpam.Cli.Certificates;

/// <summary>A small certificate authority in a folder: <c>ca.crt</c> and <c>ca.key</c>, and beside them <c>MEMBER.crt</c> and <c>MEMBER.key</c>.</summary>
/// <remarks>
/// ECDSA on P-256. The authority is never overwritten. A member's files are, which renews them: each is written beside and moved into place, so that a
/// member that looks meanwhile finds whole files. Keys are readable by their owner alone.
/// </remarks>
internal sealed class ClusterAuthority : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerOnly | UnixFileMode.UserExecute;
    private const int AuthorityYears = 10, MemberYears = 1;

    /// <summary>Clocks of members may be behind this one.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromMinutes(10);

    private readonly string _folder;
    private readonly X509Certificate2 _certificate;

    private ClusterAuthority(string folder, X509Certificate2 certificate, bool isNew) => (_folder, _certificate, IsNew) = (folder, certificate, isNew);

    public bool IsNew { get; }

    public string CertificateFile => Path.Combine(_folder, "ca.crt");

    public string KeyFile => Path.Combine(_folder, "ca.key");

    public DateTimeOffset ValidUntil => _certificate.NotAfter.ToUniversalTime();

    /// <exception cref="CommandFailure">One of its two files is missing.</exception>
    public static ClusterAuthority OpenOrMake(string folder, DateTimeOffset now)
    {
        var (certificate, key) = (Path.Combine(folder, "ca.crt"), Path.Combine(folder, "ca.key"));
        if (File.Exists(certificate) && File.Exists(key))
        {
            return new(folder, X509Certificate2.CreateFromPemFile(certificate, key), isNew: false);
        }

        if (File.Exists(certificate) || File.Exists(key))
        {
            throw new CommandFailure($"{(File.Exists(certificate) ? certificate : key)} is there but not {(File.Exists(certificate) ? key : certificate)}: an authority needs both, and is never overwritten.");
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, OwnerFolder);
        }

        using var secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ActorIpam cluster", secret, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var made = request.CreateSelfSigned(now - Leeway, now.AddYears(AuthorityYears));
        Write(key, secret.ExportPkcs8PrivateKeyPem(), isSecret: true);
        Write(certificate, made.ExportCertificatePem(), isSecret: false);
        return new(folder, X509Certificate2.CreateFromPemFile(certificate, key), isNew: true);
    }

    /// <summary>Makes or renews a member's certificate. It serves both ends of a connection.</summary>
    public (string Certificate, string Key, DateTimeOffset Until) Issue(MemberIdentity member, DateTimeOffset now)
    {
        using var secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(member.Member);
        var request = new CertificateRequest(subject.Build(), secret, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(NamesOf(member));
        var until = now.AddYears(MemberYears) < ValidUntil ? now.AddYears(MemberYears) : ValidUntil;
        using var made = request.Create(_certificate, now - Leeway, until, RandomNumberGenerator.GetBytes(16));
        var (certificate, key) = (Path.Combine(_folder, member.Member + ".crt"), Path.Combine(_folder, member.Member + ".key"));
        Write(key, secret.ExportPkcs8PrivateKeyPem(), isSecret: true);
        Write(certificate, made.ExportCertificatePem(), isSecret: false);
        return (certificate, key, until);
    }

    public void Dispose() => _certificate.Dispose();

    private static X509Extension NamesOf(MemberIdentity member)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in member.Names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(name);
            }
        }

        return names.Build();
    }

    private static void Write(string file, string pem, bool isSecret)
    {
        var beside = file + ".new";
        File.Delete(beside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (isSecret && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var writer = new StreamWriter(beside, options))
        {
            writer.WriteLine(pem);
        }

        File.Move(beside, file, overwrite: true);
    }
}

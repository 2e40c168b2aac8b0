using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorIpam.Domain.Access;
using ActorIpam.Server.Hosting;

namespace ActorIpam.Server.Security;

/// <summary>Whose client certificates are accepted, and who their bearers are.</summary>
/// <remarks>
/// The common name is the caller's name, else its first DNS name. The role is the organisational unit: <c>OU=viewer</c>, <c>OU=operator</c> or
/// <c>OU=allocator</c>, whose host is the caller's name. A certificate without such a unit is known and may do nothing.
/// </remarks>
internal sealed class ClientAuthorities(string path) : IReloaded
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2", CommonName = "2.5.4.3", OrganizationalUnit = "2.5.4.11";
    private const int LongestName = 253;

    private readonly WatchedFiles _file = new(path);
    private volatile X509Certificate2Collection _trusted = [];

    public string What => $"--client-ca {path}";

    public string? Reload()
    {
        if (!_file.Changed())
        {
            return null;
        }

        var read = new X509Certificate2Collection();
        read.ImportFromPemFile(path);
        if (read.Count == 0)
        {
            throw new CannotStartException($"{What}: there is no certificate (PEM) in it.");
        }

        _trusted = read;
        _file.Take();
        return $"{read.Count.ToString(CultureInfo.InvariantCulture)} authorities are trusted";
    }

    /// <summary>Judged anew for every request, so that a certificate that ends, or an authority that is taken away, also ends standing connections.</summary>
    /// <param name="certificate">What the caller presented; that it has the key, TLS has proved.</param>
    /// <param name="why">Why it is not accepted.</param>
    public Caller? CallerOf(X509Certificate2 certificate, out string why)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_trusted);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        if (!chain.Build(certificate))
        {
            why = $"The client certificate is not accepted: {chain.ChainStatus[0].StatusInformation.Trim().TrimEnd('.')}.";
            return null;
        }

        if (NameOf(certificate) is not { } name)
        {
            why = $"The client certificate has no common name or DNS name of 1 to {LongestName} printable characters without blanks.";
            return null;
        }

        why = "";
        ImmutableArray<AccessRole?> roles = [.. Values(certificate.SubjectName, OrganizationalUnit).Select(AccessRoles.Parse).Where(role => role is not null)];
        var only = roles is [var one] ? one : null;
        return new($"certificate:{name}", only, only == AccessRole.Allocator ? name : null);
    }

    private static string? NameOf(X509Certificate2 certificate)
    {
        var alternative = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames());
        return Values(certificate.SubjectName, CommonName).Concat(alternative).FirstOrDefault() is { Length: > 0 and <= LongestName } name && name.All(c => c is > ' ' and <= '~')
            ? name
            : null;
    }

    private static IEnumerable<string> Values(X500DistinguishedName name, string oid) =>
        name.EnumerateRelativeDistinguishedNames().Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == oid)
            .Select(part => part.GetSingleElementValue()).OfType<string>();
}

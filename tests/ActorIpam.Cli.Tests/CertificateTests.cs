using System.Security.Cryptography.X509Certificates;
using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

/// <summary>The certificates by which members know each other.</summary>
public sealed class CertificateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("certs-").FullName;

    private string Certs => Path.Combine(_folder, "certs");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_member_gets_a_certificate_of_the_authority_for_both_ends_of_a_connection()
    {
        var run = await IssueAsync("--member", "m1", "--member", "m2=ipam-2.example.org,192.0.2.2");
        run.Exit.ShouldBe(0, run.Error);
        using var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Certs, "ca.crt"));
        foreach (var name in new[] { "m1", "m2" })
        {
            run.Out.ShouldContain(Path.Combine(Certs, name + ".crt"));
            using var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(Certs, name + ".crt"), Path.Combine(Certs, name + ".key"));
            foreach (var use in new[] { "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2" })
            {
                using var chain = new X509Chain();
                chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                chain.ChainPolicy.CustomTrustStore.Add(authority);
                chain.ChainPolicy.ApplicationPolicy.Add(new(use));
                chain.Build(certificate).ShouldBeTrue();
            }
        }

        using var second = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Certs, "m2.crt"));
        second.MatchesHostname("ipam-2.example.org").ShouldBeTrue();
        second.MatchesHostname("192.0.2.2").ShouldBeTrue();
        second.MatchesHostname("ipam-1.example.org").ShouldBeFalse();
    }

    [Fact]
    public async Task Keys_are_readable_by_their_owner_alone()
    {
        await IssueAsync("--member", "m1");
        if (!OperatingSystem.IsWindows())
        {
            ModeOf("ca.key").ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            ModeOf("m1.key").ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task An_authority_that_is_there_is_used_again_and_members_are_renewed()
    {
        await IssueAsync("--member", "m1");
        var (authority, member) = (await ReadAsync("ca.crt"), await ReadAsync("m1.crt"));
        var again = await IssueAsync("--member", "m1", "--member", "m2");
        again.Exit.ShouldBe(0, again.Error);
        again.Out.ShouldContain("used ");
        (await ReadAsync("ca.crt")).ShouldBe(authority);
        (await ReadAsync("m1.crt")).ShouldNotBe(member);
        File.Exists(Path.Combine(Certs, "m2.key")).ShouldBeTrue();
    }

    [Fact]
    public async Task Half_an_authority_is_not_overwritten()
    {
        await IssueAsync("--member", "m1");
        File.Delete(Path.Combine(Certs, "ca.key"));
        var run = await IssueAsync("--member", "m2");
        run.Exit.ShouldBe(1);
        run.Error.ShouldContain("never overwritten");
        File.Exists(Path.Combine(Certs, "m2.crt")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("../m1", "cannot name a member's files")]
    [InlineData("ca", "cannot name a member's files")]
    [InlineData("m1=not a host", "neither a host name nor an IP address")]
    public async Task A_name_that_is_no_file_or_host_is_refused_before_anything_is_written(string member, string sentence)
    {
        var run = await IssueAsync("--member", "good", "--member", member);
        run.Exit.ShouldBe(1);
        run.Error.ShouldContain(sentence);
        Directory.Exists(Certs).ShouldBeFalse();
    }

    private Task<Ipamctl.Ran> IssueAsync(params string[] members) => Ipamctl.RunAsync(server: null, "", ["cluster", "certs", Certs, .. members]);

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private UnixFileMode ModeOf(string name) => File.GetUnixFileMode(Path.Combine(Certs, name));

    private Task<string> ReadAsync(string name) => File.ReadAllTextAsync(Path.Combine(Certs, name));
}

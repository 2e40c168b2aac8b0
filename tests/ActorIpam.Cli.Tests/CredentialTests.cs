using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

/// <summary>What is presented to members, what is never sent, and the sentences when something does not fit.</summary>
public sealed class CredentialTests
{
    private const string Forbidden = """{"kind":"Status","message":"token:ci (viewer) may not POST /ipam/v1/tokens: it needs operator.","reason":"Forbidden","code":403}""";

    [Theory]
    [InlineData("http://192.0.2.1:7080")]
    [InlineData("http://127.0.0.1:1,http://ipam.example")]
    public async Task A_token_does_not_travel_readable_to_another_machine(string servers)
    {
        var ran = await Ipamctl.RunAsync(servers, "", ["get", "ippool", "--token", "aipam_x"]);

        ran.Exit.ShouldBe(1);
        ran.Error.ShouldStartWith("ipamctl: The token would travel to http://");
        ran.Error.ShouldEndWith("for everybody between to read: use https, or --allow-plain-token if that is meant.\n");
        ran.Error.ShouldNotContain("aipam_x");
    }

    [Fact]
    public async Task A_token_is_found_in_a_file_or_in_the_environment()
    {
        await using var member = new FakeMember { Answers = { ["GET /ipam/v1/access"] = (200, """{"identity":"token:ci","role":"viewer","routes":[]}""") } };
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "aipam_x\n", TestContext.Current.CancellationToken);

        (await Ipamctl.RunAsync(member, "whoami", "--token-file", file)).Out.ShouldBe("IDENTITY   ROLE     HOST\ntoken:ci   viewer   -\n\n");
        (await Ipamctl.RunAsync(member.Url, "", ["whoami"], terminal => terminal with { Environment = name => name == "IPAM_TOKEN_FILE" ? file : name == "IPAM_SERVER" ? member.Url : null })).Exit.ShouldBe(0);
        (await Ipamctl.RunAsync(member, "whoami", "--token-file", file + ".none")).Error.ShouldStartWith($"ipamctl: --token-file {file}.none: ");
        (await Ipamctl.RunAsync(member, "whoami", "--token-file", file, "--token", "x")).Error.ShouldBe("ipamctl: Give --token or --token-file, not both.\n");
        (await Ipamctl.RunAsync(member, "whoami", "--token", "two words")).Error.ShouldBe("ipamctl: --token: a token has printable characters and no blanks.\n");
        (await Ipamctl.RunAsync(member, "whoami", "--cert", file)).Error.ShouldBe("ipamctl: --cert and --key go together.\n");
        (await Ipamctl.RunAsync(member, "whoami", "--cert", file, "--key", file)).Error.ShouldStartWith($"ipamctl: --cert {file}, --key {file}: ");
        File.Delete(file);
    }

    [Fact]
    public async Task What_is_missing_is_told_with_what_to_do()
    {
        await using var member = new FakeMember
        {
            Answers =
            {
                ["GET /ipam/v1/tokens"] = (401, """{"kind":"Status","message":"Say who you are.","reason":"Unauthorized","code":401}"""),
                ["POST /ipam/v1/tokens"] = (403, Forbidden),
            },
        };

        (await Ipamctl.RunAsync(member, "token", "list")).Error
            .ShouldBe("ipamctl: Say who you are. Present a token with --token-file FILE or IPAM_TOKEN, or a certificate with --cert and --key.\n");
        (await Ipamctl.RunAsync(member, "token", "create", "ci", "--role", "viewer")).Error
            .ShouldBe("ipamctl: token:ci (viewer) may not POST /ipam/v1/tokens: it needs operator.\n");
    }

    [Fact]
    public async Task A_new_token_stands_alone_on_standard_output()
    {
        await using var member = new FakeMember
        {
            Answers = { ["POST /ipam/v1/tokens"] = (201, """{"token":"aipam_new","about":{"name":"ci","role":"viewer","createdAt":"2026-08-04T14:02:00Z","createdBy":"uid:0","expired":false}}""") },
        };

        var ran = await Ipamctl.RunAsync(member, "token", "create", "ci", "--role", "viewer", "--expires", "30d");

        ran.Out.ShouldBe("aipam_new\n");
        ran.Error.ShouldBe("Keep it now: it cannot be shown again. Revoke it with 'ipamctl token revoke ci'.\n");
        member.Asked.ShouldBe(["""POST /ipam/v1/tokens {"name":"ci","role":"viewer","expiresInSeconds":2592000}"""]);
        (await Ipamctl.RunAsync(member, "token", "create", "ci", "--role", "viewer", "--expires", "soon")).Error.ShouldBe("ipamctl: --expires: 'soon' is no time such as 90m, 12h or 30d.\n");
    }

    [Fact]
    public async Task The_list_says_until_when()
    {
        const string token = """{"name":"a","role":"allocator","host":"rack-1","createdAt":"2026-08-04T14:02:00Z","createdBy":"uid:0","expiresAt":"2026-08-05T14:02:00Z","expired":true}""";
        await using var member = new FakeMember { Answers = { ["GET /ipam/v1/tokens"] = (200, $$"""{"items":[{{token}}]}""") } };

        (await Ipamctl.RunAsync(member, "token", "list")).Out.ShouldBe(
            "NAME   ROLE        HOST     CREATED                BY      EXPIRES\na      allocator   rack-1   2026-08-04T14:02:00Z   uid:0   expired 2026-08-05T14:02:00Z\n\n");
        (await Ipamctl.RunAsync(member, "token", "list", "-o", "name")).Out.ShouldBe("a\n");
    }

    [Fact]
    public async Task A_certificate_that_has_expired_or_is_for_somebody_else_is_told_as_that()
    {
        (await CalledAsync(IPAddress.Loopback, DateTimeOffset.UtcNow.AddDays(-1))).ShouldMatch(@"its certificate expired at \d{4}-\d\d-\d\dT");
        (await CalledAsync(IPAddress.Parse("192.0.2.7"), DateTimeOffset.UtcNow.AddDays(1))).ShouldEndWith("its certificate is for 192.0.2.7, not for 127.0.0.1.\n");
    }

    /// <summary>What ipamctl says of a member that shows this certificate, which it is told to trust.</summary>
    private static async Task<string> CalledAsync(IPAddress address, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=member", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), until);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ConnectionTests.ServeAsync(listener, certificate);

        var ran = await Ipamctl.RunAsync($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", "", ["version", "--ca", file]);

        listener.Stop();
        await serving;
        File.Delete(file);
        ran.Exit.ShouldBe(1);
        return ran.Error;
    }
}

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

public sealed class ConnectionTests
{
    [Fact]
    public async Task The_next_server_is_asked_when_one_does_not_answer()
    {
        await using var member = new FakeMember().WithPool("web", "10.1.0.0/16");

        (await Ipamctl.RunAsync($"http://127.0.0.1:1,{member.Url}", "", ["get", "ippool", "-o", "name"])).Out.ShouldBe("ippool.projectcalico.org/web\n");
        (await Ipamctl.RunAsync("http://127.0.0.1:1", "", ["get", "ippool", "-o", "name", "--server", $"http://127.0.0.1:2,{member.Url}"])).Exit.ShouldBe(0, "the option wins over the environment");
        (await Ipamctl.RunAsync("http://127.0.0.1:1,http://127.0.0.1:2", "", ["get", "ippool"])).Error
            .ShouldBe("ipamctl: No server answers at http://127.0.0.1:1, http://127.0.0.1:2: connection refused.\n");
    }

    [Fact]
    public async Task An_https_member_is_trusted_when_the_given_authority_vouches_for_it()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var own = Certificate("127.0.0.1", key);
        var (file, wrong) = (Path.GetTempFileName(), Path.GetTempFileName());
        await File.WriteAllTextAsync(file, own.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(wrong, "no certificate", TestContext.Current.CancellationToken);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        var serving = ServeAsync(listener, own);

        (await Ipamctl.RunAsync(url, "", ["version", "--ca", file])).Out.ShouldEndWith("ipamd   v9\n");
        (await Ipamctl.RunAsync(url, "", ["version"])).Error.ShouldStartWith($"ipamctl: No server answers at {url}: ");
        (await Ipamctl.RunAsync(url, "", ["version", "--ca", wrong])).Error.ShouldBe($"ipamctl: --ca {wrong}: there is no certificate (PEM) in it.\n");
        (await Ipamctl.RunAsync(url, "", ["version", "--ca", wrong + ".none"])).Error.ShouldStartWith($"ipamctl: --ca {wrong}.none: ");

        listener.Stop();
        await serving;
        File.Delete(file);
        File.Delete(wrong);
    }

    /// <summary>Answers every connection with the version, until the listener stops.</summary>
    internal static async Task ServeAsync(TcpListener listener, X509Certificate2 certificate)
    {
        while (true)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync();
                await using var secure = new SslStream(client.GetStream());
                await secure.AuthenticateAsServerAsync(certificate);
                await secure.ReadAtLeastAsync(new byte[4096], 1);
                const string body = """{"gitVersion":"v9"}""";
                await secure.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
            }
            catch (Exception e) when (e is IOException or AuthenticationException)
            {
                // The client did not trust it: the next one.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private static X509Certificate2 Certificate(string address, ECDsa key)
    {
        var request = new CertificateRequest($"CN={address}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}

using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd.Security;

/// <summary>A member that other machines reach: TLS, certificates of both sides, and certificates that are exchanged.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly Workspace _workspace = new();
    private readonly Authority _authority;
    private readonly string _bootstrap = "bootstrap-" + Guid.NewGuid().ToString("N");

    public TlsTests() => _authority = new(_workspace);

    public void Dispose()
    {
        _authority.Dispose();
        _workspace.Dispose();
    }

    [Fact]
    public async Task Beyond_loopback_it_serves_with_TLS_to_whoever_says_who_he_is()
    {
        await using var member = await StartAsync("https://0.0.0.0:0", _authority.Server("srv"));
        using var nobody = _authority.Connect(member.Url);
        using var first = _authority.Connect(member.Url, _bootstrap);

        (await nobody.GetAsync("/healthz")).Expect(200);
        (await nobody.GetAsync("/readyz")).Expect(200);
        (await nobody.GetAsync(Pools)).Expect(401).Challenge.ShouldBe("Bearer realm=\"actor-ipam\"");
        (await first.PostAsync(Pools, Pool("blue", "10.1.0.0/16"))).Expect(201);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "could reach this address")]
    [InlineData("http://[::]:0", "could reach this address")]
    [InlineData("http://0.0.0.0:0", "other machines could reach", "--auth", "none")]
    [InlineData("http://127.0.0.1:0", "--client-ca", "--client-ca", "/dev/null")]
    [InlineData("http://127.0.0.1:0", "--client-ca goes with an https", "--client-ca", "/dev/null", "--auth", "required")]
    [InlineData("http://127.0.0.1:0", "neither none nor required", "--auth", "maybe")]
    [InlineData("http://127.0.0.1:0", "uid:1000=viewer", "--auth", "required", "--socket-allow", "1000")]
    [InlineData("http://127.0.0.1:0", "uid:1000=viewer", "--auth", "required", "--socket-allow", "uid:1=allocator")]
    [InlineData("http://127.0.0.1:0", "uid:1000=viewer", "--auth", "required", "--socket-allow", "uid:1=viewer:rack-1")]
    [InlineData("http://127.0.0.1:0", "--rate-limit", "--rate-limit", "-1")]
    [InlineData("http://127.0.0.1:0", "there is no file", "--auth", "required", "--bootstrap-token-file", "/does/not/exist")]
    public async Task What_would_be_open_or_idle_is_refused_in_one_line_with_exit_2(string listen, string says, params string[] options)
    {
        var (code, output, errors) = await MemberProcess.RunAsync(["--journal", "memory:", "--listen", listen, .. options]);

        (code, output).ShouldBe((2, ""));
        errors.ShouldStartWith("ipamd: ");
        errors.ShouldContain(says);
        errors.Split('\n').Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_bootstrap_token_that_is_too_short_or_a_key_of_another_certificate_is_told_in_one_line()
    {
        var shortToken = _workspace.Write("short", "secret");
        var (certificate, _) = _authority.Server("one");
        var (_, key) = _authority.Server("two");

        var tooShort = await MemberProcess.RunAsync("--journal", "memory:", "--listen", "http://127.0.0.1:0", "--auth", "required", "--bootstrap-token-file", shortToken);
        var mixed = await MemberProcess.RunAsync("--journal", "memory:", "--listen", "https://127.0.0.1:0", "--tls-cert", certificate, "--tls-key", key);

        (tooShort.Code, mixed.Code).ShouldBe((1, 1));
        tooShort.Errors.ShouldContain("32 to 512 printable characters");
        tooShort.Errors.ShouldNotContain("secret");
        mixed.Errors.ShouldStartWith("ipamd: --tls-cert ");
        mixed.Errors.Split('\n').Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_client_certificate_is_its_bearers_name_and_its_unit_his_role()
    {
        await using var member = await StartAsync("https://127.0.0.1:0", _authority.Server("srv"), "--client-ca", _authority.File, "--auth", "required");
        using var stranger = new Authority(_workspace, "stranger");

        (await WhoAsync(_authority.Client("op", "OU=operator,CN=alice"))).ShouldBe((200, "certificate:alice operator "));
        (await WhoAsync(_authority.Client("al", "CN=rack-1,OU=allocator,O=acme"))).ShouldBe((200, "certificate:rack-1 allocator rack-1"));
        (await WhoAsync(_authority.Client("vi", "OU=storage+OU=x,OU=viewer,CN=bob"))).ShouldBe((200, "certificate:bob viewer "));
        (await WhoAsync(_authority.Client("no", "CN=carol"))).Code.ShouldBe(403);
        (await WhoAsync(_authority.Client("two", "OU=viewer,OU=operator,CN=dave"))).Code.ShouldBe(403, "two roles are none");
        (await WhoAsync(_authority.Client("odd", "OU=operator,CN=a b"))).Code.ShouldBe(401);
        (await WhoAsync(_authority.Client("late", "OU=operator,CN=eve", until: DateTimeOffset.UtcNow.AddDays(-1)))).Code.ShouldBe(401);
        (await WhoAsync(_authority.Client("srvonly", "OU=operator,CN=mallory", forServers: true))).Code.ShouldBe(401, "a certificate for servers is none for clients");
        (await WhoAsync(stranger.Client("str", "OU=operator,CN=alice"))).Code.ShouldBe(401);

        // A token is the stronger word, also a bad one.
        using var both = _authority.Connect(member.Url, "garbage", _authority.Client("op2", "OU=operator,CN=alice"));
        (await both.GetAsync("/version")).Expect(401);

        async Task<(int Code, string Who)> WhoAsync((string, string) client)
        {
            using var api = _authority.Connect(member.Url, client: client);
            var reply = await api.GetAsync("/ipam/v1/access");
            return (reply.Code, reply.Code == 200 ? $"{reply.Json["identity"]} {reply.Json["role"]} {reply.Json["host"]}" : reply.Text);
        }
    }

    [Fact]
    public async Task Certificates_and_the_bootstrap_token_are_exchanged_while_it_serves()
    {
        var (certificate, key) = _authority.Server("srv");
        await using var member = await StartAsync("https://127.0.0.1:0", (certificate, key));
        using var old = _authority.Connect(member.Url, _bootstrap);
        (await old.GetAsync("/version")).Expect(200);
        (await PresentedAsync(member.Url)).ShouldBe("CN=srv");

        var (newCertificate, newKey) = _authority.Server("renewed");
        File.Copy(newCertificate, certificate, overwrite: true);
        File.Copy(newKey, key, overwrite: true);
        await Eventually.SeesAsync(() => PresentedAsync(member.Url), name => name == "CN=renewed", "the new certificate");
        (await old.GetAsync("/version")).Expect(200);

        File.Copy(_authority.Server("other").Key, key, overwrite: true);
        await Eventually.SeesAsync(() => Task.FromResult(member.Errors), said => said.Contains("cannot be taken", StringComparison.Ordinal), "a word about a key of another certificate");
        File.WriteAllText(certificate, "not a certificate");
        await Eventually.SeesAsync(() => Task.FromResult(member.Errors), said => said.Split("cannot be taken").Length > 2, "a word about the bad file");
        (await PresentedAsync(member.Url)).ShouldBe("CN=renewed");

        var replacement = "replacement-" + Guid.NewGuid().ToString("N");
        _workspace.Write("bootstrap", replacement);
        using var renewed = _authority.Connect(member.Url, replacement);
        await Eventually.SeesAsync(() => renewed.GetAsync("/version"), reply => reply.Code == 200, "the new bootstrap token");
        (await old.GetAsync("/version")).Expect(401);
        member.Errors.ShouldNotContain(replacement);
    }

    [Fact]
    public async Task Kubectl_works_with_a_token_and_the_authority()
    {
        await using var member = await StartAsync("https://127.0.0.1:0", _authority.Server("srv"), "--auth", "required");
        using var api = _authority.Connect(member.Url, _bootstrap);
        (await api.PostAsync(Pools, Pool("blue", "10.1.0.0/16"))).Expect(201);
        var viewer = (string)(await api.PostAsync("/ipam/v1/tokens", """{"name":"kubectl","role":"viewer"}""")).Expect(201).Json["token"]!;
        var server = $"--server https://127.0.0.1:{member.Url.Port} --certificate-authority {_authority.File}";

        (await KubectlAsync($"{server} --token {viewer} get ippools -o name")).ShouldBe((0, "ippool.projectcalico.org/blue\n"));
        var (code, said) = await KubectlAsync($"{server} --token {viewer} delete ippool blue");
        code.ShouldBe(1);
        said.ShouldContain("token:kubectl (viewer) may not DELETE");
        (await KubectlAsync($"{server} get ippools")).Code.ShouldBe(1);
    }

    [Fact]
    public async Task Ipamctl_says_what_is_wrong_with_the_connection()
    {
        await using var member = await StartAsync("https://127.0.0.1:0", _authority.Server("srv"), "--auth", "required");
        using var stranger = new Authority(_workspace, "stranger");
        var token = _workspace.Write("op.token", _bootstrap + "\n");

        (await Ipamctl.RunAsync(member.Url, "whoami", "--ca", _authority.File, "--token-file", token)).Output.ShouldContain("bootstrap");
        (await Ipamctl.RunAsync(member.Url, "whoami", "--ca", _authority.File)).Errors.ShouldContain("--token-file FILE");
        (await Ipamctl.RunAsync(member.Url, "whoami", "--ca", stranger.File)).Errors.ShouldContain("signed by 'CN=ca', which is not trusted here; name the authority with --ca FILE");
    }

    private static async Task<(int Code, string Said)> KubectlAsync(string arguments)
    {
        var program = Environment.GetEnvironmentVariable("KUBECTL") ?? "kubectl";
        var start = new ProcessStartInfo("sh", ["-c", $"exec 2>&1; exec {program} {arguments}"]) { RedirectStandardOutput = true };
        start.Environment["KUBECONFIG"] = "/dev/null";
        start.Environment["HOME"] = Path.GetTempPath();
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }

    /// <summary>The subject of the certificate a new connection is shown.</summary>
    private static async Task<string> PresentedAsync(Uri url)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", url.Port);
        var subject = "";
        await using var secure = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => (subject = certificate!.Subject).Length > 0);
        await secure.AuthenticateAsClientAsync("127.0.0.1");
        return subject;
    }

    private Task<MemberProcess> StartAsync(string listen, (string Certificate, string Key) files, params string[] options)
    {
        var token = _workspace.Write("bootstrap", _bootstrap);
        string[] auth = options.Contains("--auth") || listen.Contains("0.0.0.0", StringComparison.Ordinal) ? [] : ["--auth", "required"];
        return MemberProcess.StartAsync(
            ["--journal", "memory:", "--listen", listen, "--tls-cert", files.Certificate, "--tls-key", files.Key, "--bootstrap-token-file", token, .. auth, .. options]);
    }
}

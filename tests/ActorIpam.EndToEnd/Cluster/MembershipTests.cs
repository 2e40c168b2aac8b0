using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Shouldly;
using Xunit;

namespace ActorIpam.EndToEnd.Cluster;

/// <summary>Who may be a member, who must go, and how one goes.</summary>
[Collection(nameof(Clusters))]
public sealed class MembershipTests(LocalCluster cluster) : IClassFixture<LocalCluster>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Of_two_processes_with_one_name_the_older_stops_and_says_why()
    {
        await using var older = await MemberProcess.StartAsync(await TwinAsync("twin"));
        await using var newer = await MemberProcess.StartAsync(await TwinAsync("twin"));
        (await older.ExitAsync()).ShouldBe(1);
        older.Errors.ShouldContain("Another process has joined the cluster as member twin");
        using var api = new Api(newer.Url);
        (await api.GetAsync("/readyz")).Expect(200);
        await UntilAsync(async () => await StateAsync("twin") == "alive");
        (await newer.StopAsync()).ShouldBe(0);

        // A clean stop takes the row away; others see that at their next beat.
        await UntilAsync(async () => await StateAsync("twin") is null);
    }

    [Fact]
    public async Task A_member_that_is_ready_is_known_to_all_others()
    {
        // What it owns goes to it from the first request on.
        await using var guest = await MemberProcess.StartAsync(await TwinAsync("noticed"));
        foreach (var name in cluster.Names)
        {
            (await StateAsync("noticed", name)).ShouldBe("alive", name);
        }
    }

    [Fact]
    public async Task A_member_that_is_stopped_as_soon_as_it_has_joined_leaves_as_any_other()
    {
        await using var guest = MemberProcess.Begin(crashAt: null, await TwinAsync("hasty"));
        await UntilAsync(async () => await StateAsync("hasty") is not null);
        (await guest.StopAsync()).ShouldBe(0, guest.Errors);
        await using var left = cluster.Database.CreateCommand("select count(*) from member where id = 'hasty'");
        (await left.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(0L);
    }

    [Fact]
    public async Task A_member_that_is_sent_away_drains_and_stops()
    {
        await using var guest = await MemberProcess.StartAsync(await TwinAsync("guest"));
        await UntilAsync(async () => await StateAsync("guest") == "alive");
        var (code, output, errors) = await Ipamctl.RunAsync(cluster.Url("m1"), "cluster", "leave", "guest");
        code.ShouldBe(0, errors);
        output.ShouldContain("guest drains and stops.");
        (await guest.ExitAsync()).ShouldBe(0);
        await UntilAsync(async () => await StateAsync("guest") is null);
    }

    [Fact]
    public async Task A_member_that_died_is_seen_dead_and_can_be_forgotten()
    {
        await using var guest = await MemberProcess.StartAsync(await TwinAsync("mortal"));
        await guest.KillAsync();
        await UntilAsync(async () => await StateAsync("mortal") == "dead");
        var (code, output, errors) = await Ipamctl.RunAsync(cluster.Url("m1"), "cluster", "leave", "mortal");
        code.ShouldBe(0, errors);
        output.ShouldContain("forgotten");
        await UntilAsync(async () => await StateAsync("mortal") is null);
    }

    [Fact]
    public async Task Nobody_gets_in_without_a_certificate_of_the_cluster()
    {
        var port = await ClusterUrlAsync("m1");
        using var mine = Certificate(cluster.At("certs"), "m2");
        (await GetAsync(port, mine, "/cluster/v1/figures")).ShouldBe(HttpStatusCode.OK);
        await Should.ThrowAsync<HttpRequestException>(() => GetAsync(port, null, "/cluster/v1/figures"));

        using var workspace = new Workspace();
        await IssueAsync(workspace.At("certs"), "stranger");
        using var strange = Certificate(workspace.At("certs"), "stranger");
        await Should.ThrowAsync<HttpRequestException>(() => GetAsync(port, strange, "/cluster/v1/figures"));
    }

    [Fact]
    public async Task Each_port_serves_its_own_calls_only()
    {
        using var mine = Certificate(cluster.At("certs"), "m2");
        (await GetAsync(await ClusterUrlAsync("m1"), mine, "/ipam/v1/addresses")).ShouldBe(HttpStatusCode.NotFound);
        (await GetAsync(await ClusterUrlAsync("m1"), mine, "/healthz")).ShouldBe(HttpStatusCode.NotFound);
        using var api = cluster.Api("m1");
        (await api.PostAsync("/cluster/v1/forward/assign", """{"host":"h","handle":"h"}""")).Code.ShouldBe(404);
        (await api.GetAsync("/cluster/v1/figures")).Code.ShouldBe(404);
    }

    [Fact]
    public async Task Exchanged_certificates_are_used_without_a_restart()
    {
        using var workspace = new Workspace();
        Copy(cluster.At("certs"), workspace.At("certs"));
        await using var guest = await MemberProcess.StartAsync(await TwinAsync("renewed", workspace.At("certs"), "m3"));
        await UntilAsync(async () => await StateAsync("renewed") == "alive");
        var port = await ClusterUrlAsync("renewed");
        using var old = Certificate(cluster.At("certs"), "m2");
        (await GetAsync(port, old, "/cluster/v1/figures")).ShouldBe(HttpStatusCode.OK);

        await IssueAsync(workspace.At("other"), "m3");
        Copy(workspace.At("other"), workspace.At("certs"));

        using var renewed = Certificate(workspace.At("other"), "m3");
        await UntilAsync(async () => await AnswersAsync(port, renewed, workspace.At("other")));
        await Should.ThrowAsync<HttpRequestException>(() => GetAsync(port, old, "/cluster/v1/figures", workspace.At("other")));
    }

    [Theory]
    [InlineData("--cluster-listen http://192.0.2.1:7081", "use https")]
    [InlineData("--cluster-listen https://127.0.0.1:0", "needs --cluster-ca, --cluster-cert and --cluster-key")]
    [InlineData("--cluster-listen http://127.0.0.1:0 --journal memory:", "give --journal postgres")]
    [InlineData("--cluster-listen ftp://127.0.0.1:0", "is not an address")]
    [InlineData("--advertise https://192.0.2.1:7081", "goes with --cluster-listen")]
    public async Task A_port_for_members_that_would_be_open_or_alone_is_refused(string options, string sentence)
    {
        string[] arguments = ["--journal", "postgres:Host=/nowhere", .. options.Split(' ')];
        var (code, _, errors) = await MemberProcess.RunAsync(options.Contains("--journal", StringComparison.Ordinal) ? arguments[2..] : arguments);
        code.ShouldBe(2);
        errors.ShouldContain(sentence);
        errors.Trim().ShouldNotContain("\n");
    }

    /// <summary>The options of m1 for a member of another name, on free ports.</summary>
    private async Task<string[]> TwinAsync(string name, string? certificates = null, string of = "m1")
    {
        var options = await cluster.OptionsAsync(of);
        options[Array.IndexOf(options, "--member") + 1] = name;
        options[Array.IndexOf(options, "--listen") + 1] = "http://127.0.0.1:0";
        return certificates is null ? options : [.. options.Select(option => option.Replace(cluster.At("certs"), certificates, StringComparison.Ordinal))];
    }

    private async Task<string?> StateAsync(string name, string asSeenBy = "m1") => (string?)(await MemberAsync(name, asSeenBy))?["state"];

    private async Task<Uri> ClusterUrlAsync(string name) => new((string)(await MemberAsync(name))!["address"]!);

    private async Task<System.Text.Json.Nodes.JsonNode?> MemberAsync(string name, string asSeenBy = "m1")
    {
        using var api = cluster.Api(asSeenBy);
        return (await api.GetAsync("/cluster/v1/members")).Expect(200).Json["items"]!.AsArray().SingleOrDefault(member => (string)member!["name"]! == name);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var waited = Stopwatch.StartNew();
        while (!await holds())
        {
            waited.Elapsed.ShouldBeLessThan(Patience);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private async Task<bool> AnswersAsync(Uri port, X509Certificate2 shown, string authorities)
    {
        try
        {
            return await GetAsync(port, shown, "/cluster/v1/figures", authorities) == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Over a connection of its own.</summary>
    /// <param name="port">A member's port for members.</param>
    /// <param name="shown">What the caller shows; null for nothing.</param>
    /// <param name="path">What is asked.</param>
    /// <param name="authorities">A folder whose authority may have signed the member, beside that of the cluster.</param>
    private async Task<HttpStatusCode> GetAsync(Uri port, X509Certificate2? shown, string path, string? authorities = null)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        foreach (var folder in new[] { cluster.At("certs"), authorities ?? cluster.At("certs") }.Distinct())
        {
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(Path.Combine(folder, "ca.crt"));
        }

        if (shown is not null)
        {
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => shown;
        }

        using var http = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await http.GetAsync(new Uri(port, path), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static X509Certificate2 Certificate(string folder, string name) =>
        X509Certificate2.CreateFromPemFile(Path.Combine(folder, name + ".crt"), Path.Combine(folder, name + ".key"));

    private static async Task IssueAsync(string folder, string name)
    {
        var (code, _, errors) = await Ipamctl.RunAsync(new Uri("http://127.0.0.1:1"), "cluster", "certs", folder, "--member", name);
        code.ShouldBe(0, errors);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }
}

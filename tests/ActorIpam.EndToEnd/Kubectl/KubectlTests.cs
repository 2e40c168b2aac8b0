using System.Diagnostics;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd.Kubectl;

/// <summary>An unchanged <c>kubectl</c> against a real member (api.md §2): what it prints is kept in transcripts.</summary>
/// <remarks>With KUBECTL_TRANSCRIPTS set to the folder of the transcripts in the sources they are written again; read the difference before it is kept.</remarks>
public sealed class KubectlTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Serving _serving = new();
    private KubectlSession _kubectl = null!;

    public async ValueTask InitializeAsync()
    {
        await _serving.StartAsync();
        _kubectl = new(_serving.Workspace, _serving.Member.Url);
    }

    public ValueTask DisposeAsync() => _serving.DisposeAsync();

    [Theory]
    [InlineData("life.txt")]
    [InlineData("changes.txt")]
    public Task It_prints_what_the_transcript_says(string transcript) => PlayAsync(transcript);

    /// <summary>How explanations and mistakes look has changed with the client: since 1.27 it reads version 3 of OpenAPI and leaves checks to the server.</summary>
    [Fact]
    public async Task It_explains_the_kinds_and_finds_what_is_misspelt()
    {
        var version = await _kubectl.RunAsync("kubectl version --client -o json | sed -n 's/.*\"minor\": \"\\([0-9]*\\).*/\\1/p'");
        await PlayAsync(int.Parse(version, System.Globalization.CultureInfo.InvariantCulture) >= 27 ? "explain-new.txt" : "explain-old.txt");
    }

    [Fact]
    public async Task A_watch_shows_each_change_as_a_line()
    {
        (await _serving.Api.PostAsync(Pools, Pool("blue", "10.1.0.0/16"))).Expect(201);
        using var watch = _kubectl.Start("exec kubectl get ippools -w");
        (await LineAsync(watch)).ShouldBe("NAME   CIDR          SELECTOR");
        (await LineAsync(watch)).ShouldBe("blue   10.1.0.0/16   all()");

        (await _serving.Api.SendAsync(HttpMethod.Patch, Pools + "/blue", """{"spec":{"nodeSelector":"zone == 'a'"}}""", "application/merge-patch+json")).Expect(200);
        (await LineAsync(watch)).ShouldBe("blue   10.1.0.0/16   zone == 'a'");
        (await _serving.Api.PostAsync(Pools, Pool("red", "10.2.0.0/16"))).Expect(201);
        (await LineAsync(watch)).ShouldBe("red    10.2.0.0/16   all()");
        watch.Kill();
    }

    [Fact]
    public async Task Blocks_and_their_ties_are_shown_and_cannot_be_watched()
    {
        (await _serving.Api.PostAsync(Nodes, Node("rack-1"))).Expect(201);
        (await _serving.Api.PostAsync(Pools, Pool("blue", "10.1.0.0/26"))).Expect(201);
        (await _serving.Api.PostAsync("/ipam/v1/assign", Assign("rack-1", "web"))).Expect(200);

        (await _kubectl.RunAsync("kubectl get blockaffinities --no-headers | tr -s ' '")).ShouldBe("rack-1-10-1-0-0-26 rack-1 10.1.0.0/26 confirmed\n");
        (await _kubectl.RunAsync("kubectl get ipamblock 10-1-0-0-26 --no-headers | tr -s ' '")).ShouldBe("10-1-0-0-26 10.1.0.0/26 blue rack-1 1 63\n");
        (await _serving.Api.GetAsync("/apis/projectcalico.org/v3/ipamblocks?watch=true")).Expect(405);
        (await _serving.Api.GetAsync("/apis/projectcalico.org/v3/ipamblocks/none")).Expect(404);
        (await _serving.Api.DeleteAsync("/apis/projectcalico.org/v3/ipamblocks/10-1-0-0-26")).Expect(405);
    }

    private async Task PlayAsync(string transcript)
    {
        var expected = await File.ReadAllTextAsync(Path.Combine(KubectlSession.Transcripts, transcript));
        var played = await _kubectl.ReplayAsync(expected);
        if (Environment.GetEnvironmentVariable("KUBECTL_TRANSCRIPTS") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, transcript), played);
            return;
        }

        played.ShouldBe(expected);
    }

    private static async Task<string?> LineAsync(Process watch)
    {
        using var patience = new CancellationTokenSource(Patience);
        return (await watch.StandardOutput.ReadLineAsync(patience.Token))?.TrimEnd();
    }
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd;

/// <summary>A folder of definitions that a living member keeps applied (api.md §1, <c>--watch</c>).</summary>
public sealed class WatchedFolderTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Look = TimeSpan.FromMilliseconds(50);

    private readonly Serving _serving = new();
    private string _folder = null!;

    private Api Api => _serving.Api;

    public async ValueTask InitializeAsync()
    {
        _folder = Directory.CreateDirectory(_serving.Workspace.At("definitions")).FullName;
        Write("blue.yaml", Pool("blue", "10.1.0.0/16"));
        await _serving.StartAsync("--watch", _folder);
    }

    public ValueTask DisposeAsync() => _serving.DisposeAsync();

    [Fact]
    public async Task What_is_there_and_what_comes_later_is_applied_and_what_goes_deletes_nothing()
    {
        await StateAsync("blue.yaml", "applied");
        Write("red.yaml", Pool("red", "10.2.0.0/16") + "\n---\n" + Node("rack-1"));
        ((int)(await StateAsync("red.yaml", "applied"))["resources"]!).ShouldBe(2);
        (await Api.GetAsync(Nodes + "/rack-1")).Expect(200);

        File.Delete(Path.Combine(_folder, "red.yaml"));
        await StateAsync("red.yaml", "vanished");
        (await Api.GetAsync(Pools + "/red")).Expect(200);

        Write("blue.yaml", Pool("blue", "10.1.0.0/16").Replace("\"spec\":{", "\"spec\":{\"natOutgoing\":true,", StringComparison.Ordinal));
        await UntilAsync(async () => (bool)(await Api.GetAsync(Pools + "/blue")).Json["spec"]!["natOutgoing"]!);
    }

    [Theory]
    [InlineData("{kind: IPPool, metadata: {na", "is not readable YAML")]
    [InlineData("{apiVersion: projectcalico.org/v3, kind: Node, metadata: {name: rack-2}, spec: {colour: red}}", "spec.colour is no known field")]
    public async Task A_bad_file_is_told_once_and_changes_nothing_until_it_is_whole(string bad, string why)
    {
        var good = Pool("red", "10.2.0.0/16") + "\n---\n" + Node("rack-1") + "\n---\n";
        Write("mixed.yaml", good + bad);
        var told = (string)(await StateAsync("mixed.yaml", "refused"))["lastError"]!;

        told.ShouldContain("mixed.yaml:");
        told.ShouldContain(why);
        (await Api.GetAsync(Pools + "/red")).Expect(404);
        (await Api.GetAsync(Nodes + "/rack-1")).Expect(404);

        Write("mixed.yaml", good);
        (await StateAsync("mixed.yaml", "applied"))["lastError"].ShouldBeNull();
        (await Api.GetAsync(Nodes + "/rack-1")).Expect(200);
        _serving.Member.Errors.Split('\n').Count(line => line.Contains("mixed.yaml", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_file_that_contradicts_itself_is_refused_before_anything_of_it_is_applied()
    {
        Write("twins.yaml", Node("rack-1") + "\n---\n" + Pool("a", "10.8.0.0/16") + "\n---\n" + Pool("b", "10.8.1.0/24"));

        ((string)(await StateAsync("twins.yaml", "refused"))["lastError"]!).ShouldContain("overlaps");
        (await Api.GetAsync(Nodes + "/rack-1")).Expect(404);
        (await Api.GetAsync(Pools + "/a")).Expect(404);
    }

    [Fact]
    public async Task A_folder_that_is_exchanged_behind_links_is_followed()
    {
        // As Kubernetes does with a ConfigMap: the files are links through ..data, which is replaced as a whole.
        Version("1", Node("rack-1"));
        Link("..data", "..1");
        Link("nodes.yaml", "..data/nodes.yaml");
        await UntilAsync(async () => (await Api.GetAsync(Nodes + "/rack-1")).Code == 200);

        Version("2", Node("rack-2"));
        Link("..data_tmp", "..2");
        using var exchange = Process.Start("mv", ["-T", Path.Combine(_folder, "..data_tmp"), Path.Combine(_folder, "..data")]);
        await UntilAsync(async () => (await Api.GetAsync(Nodes + "/rack-2")).Code == 200);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_a_bad_option()
    {
        var (code, _, errors) = await MemberProcess.RunAsync("--journal", "memory:", "--watch", _folder + "/none");
        (code, errors).ShouldBe((2, $"ipamd: --watch: there is no folder '{_folder}/none'."));
    }

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);

    private void Version(string number, string node)
    {
        var version = Directory.CreateDirectory(Path.Combine(_folder, ".." + number));
        File.WriteAllText(Path.Combine(version.FullName, "nodes.yaml"), node);
    }

    private void Link(string name, string target) => File.CreateSymbolicLink(Path.Combine(_folder, name), target);

    private async Task<JsonNode> StateAsync(string file, string state)
    {
        JsonNode? found = null;
        await UntilAsync(async () =>
        {
            var items = (await Api.GetAsync("/cluster/v1/ingest")).Expect(200).Json["items"]!.AsArray();
            found = items.FirstOrDefault(item => (string)item!["file"]! == file);
            return (string?)found?["state"] == state;
        });
        return found!;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await holds())
        {
            await Task.Delay(Look, patience.Token);
        }
    }
}

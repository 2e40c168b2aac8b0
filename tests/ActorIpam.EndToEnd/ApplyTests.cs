using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd;

/// <summary>Definitions applied at start (semantics.md §15).</summary>
public sealed class ApplyTests
{
    [Fact]
    public async Task Definitions_are_created_then_left_alone_then_updated()
    {
        await using var serving = new Serving();
        var folder = Directory.CreateDirectory(serving.Workspace.At("definitions")).FullName;
        File.WriteAllText(Path.Combine(folder, "1-node.json"), Node("rack-1"));
        File.WriteAllText(Path.Combine(folder, "2-pool.yaml"), Pool("blue", "10.1.0.0/24"));
        await serving.StartAsync("--apply", folder);
        var first = (await serving.Api.GetAsync(Pools)).Expect(200).Text;
        await serving.Member.StopAsync();
        serving.Member.Errors.Split('\n').ShouldBe(["node/rack-1 created", "ippool/blue created"]);

        await serving.StartAsync("--apply", folder);
        (await serving.Api.GetAsync(Pools)).Expect(200).Text.ShouldBe(first);
        await serving.Member.StopAsync();
        serving.Member.Errors.Split('\n').ShouldBe(["node/rack-1 unchanged", "ippool/blue unchanged"]);

        File.WriteAllText(Path.Combine(folder, "2-pool.yaml"), Pool("blue", "10.1.0.0/24").Replace("\"spec\":{", "\"spec\":{\"disabled\":true,", StringComparison.Ordinal));
        await serving.StartAsync("--apply", folder);
        (await serving.Api.GetAsync(Pools + "/blue")).Expect(200).Json["spec"]!["disabled"]!.GetValue<bool>().ShouldBeTrue();
        await serving.Member.StopAsync();
        serving.Member.Errors.Split('\n').ShouldContain("ippool/blue configured");
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_shown_by_line_and_nothing_is_applied()
    {
        await using var serving = new Serving();
        var good = Pool("blue", "10.1.0.0/24");
        var file = serving.Workspace.Write("bad.yaml", good + "\n---\napiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata:\n  name: red\nspec:\n  cidr: 10.2.0.0/24\n  colour: red\n");

        var (code, output, errors) = await MemberProcess.RunAsync("--journal", serving.Workspace.Journal, "--listen", "http://127.0.0.1:0", "--apply", file);

        (code, output).ShouldBe((1, ""));
        errors.ShouldContain($"{file}:9:3: ");
        await serving.StartAsync();
        (await serving.Api.GetAsync(Pools)).Expect(200).Json["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_definition_is_shown_by_line_and_the_member_does_not_start()
    {
        await using var serving = new Serving();
        var file = serving.Workspace.Write("pools.yaml", "apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata:\n  name: red\nspec:\n  cidr: 10.2.0.7/24\n");

        var (code, output, errors) = await MemberProcess.RunAsync("--journal", serving.Workspace.Journal, "--listen", "http://127.0.0.1:0", "--apply", file);

        (code, output).ShouldBe((1, ""));
        errors.ShouldContain($"{file}:6:9: ");
    }

    [Fact]
    public async Task A_first_start_says_what_to_try_next()
    {
        await using var member = await MemberProcess.StartAsync("--journal", "memory:", "--register-node", "here");

        var next = new[] { await member.NextLineAsync(), await member.NextLineAsync(), await member.NextLineAsync() };

        next.ShouldAllBe(line => line != null && line.Contains(member.Url.GetLeftPart(UriPartial.Authority)));
        using var api = new Api(member.Url);
        (await api.GetAsync(Nodes + "/here")).Expect(200);
    }
}

using Shouldly;
using Xunit;
using static ActorIpam.Cli.EndToEnd.Definitions;

namespace ActorIpam.Cli.EndToEnd;

/// <summary>Applying a named set and pruning what it dropped.</summary>
public sealed class SetTests(World world) : IClassFixture<World>, IAsyncLifetime
{
    private static readonly string A = Pool("a", "10.1.0.0/16");
    private static readonly string B = Pool("b", "10.2.0.0/16");

    public async ValueTask InitializeAsync() => await world.EmptyAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Pruning_deletes_what_the_set_dropped_and_nothing_else()
    {
        await ApplyAsync([A, B, Node("n1")], "--set", "site");
        await ApplyAsync([Pool("alone", "10.3.0.0/16")]);
        await ApplyAsync([Pool("others", "10.4.0.0/16")], "--set", "other-site");

        var ran = await ApplyAsync([A], "--set", "site", "--prune", "--yes");

        ran.ShouldBe(new(0, "Applied 1 IPPool resource.\nippool/b pruned\n", ""));
        (await PoolsAsync()).ShouldBe("a alone others");
        (await world.DoAsync("get", "node", "-o", "name")).ShouldBe("node.projectcalico.org/n1\n", "a kind that the input does not hold is left alone");
    }

    [Fact]
    public async Task A_failing_apply_prunes_nothing()
    {
        await ApplyAsync([A, B], "--set", "site");

        var ran = await ApplyAsync([A, Pool("bad", "10.5.0.7/16")], "--set", "site", "--prune", "--yes");

        ran.Exit.ShouldBe(1);
        (await PoolsAsync()).ShouldBe("a b");
    }

    [Theory]
    [InlineData("y\n", 0, "a")]
    [InlineData("n\n", 1, "a b")]
    [InlineData("\n", 1, "a b")]
    [InlineData("", 1, "a b")]
    public async Task Somebody_is_asked_before_anything_is_deleted(string typed, int exit, string left)
    {
        await ApplyAsync([A, B], "--set", "site");

        var ran = await World.RunAsync(world.Url, typed, ["apply", "-f", world.Write("set.yaml", A), "--set", "site", "--prune"], t => t with { CanAsk = true });

        ran.Exit.ShouldBe(exit);
        ran.Error.ShouldStartWith("Not in the set 'site' any more: ippool/b. Delete? [y/N] ");
        (await PoolsAsync()).ShouldBe(left);
    }

    [Theory]
    [InlineData("--prune asks before it deletes, and there is nobody to ask here", "--set", "site", "--prune")]
    [InlineData("--prune needs --set NAME", "--prune", "--yes")]
    [InlineData("--set needs a name.", "--set", " ")]
    public async Task What_could_not_be_pruned_safely_is_refused_before_anything_is_written(string sentence, params string[] options)
    {
        var ran = await ApplyAsync([A], options);

        ran.Exit.ShouldBe(1);
        ran.Error.ShouldStartWith($"ipamctl: {sentence}");
        (await PoolsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_set_does_not_take_what_belongs_to_another()
    {
        await ApplyAsync([A], "--set", "site");

        var ran = await ApplyAsync([A, B], "--set", "other-site", "--prune", "--yes");

        ran.Exit.ShouldBe(1);
        ran.Error.ShouldContain("IPPool 'a' belongs to the set 'site'");
        (await PoolsAsync()).ShouldBe("a b");
    }

    [Fact]
    public async Task What_was_applied_without_the_set_since_is_not_pruned()
    {
        await ApplyAsync([A, B], "--set", "site");
        await ApplyAsync([B]);

        (await ApplyAsync([A], "--set", "site", "--prune", "--yes")).Out.ShouldBe("Applied 1 IPPool resource.\n");

        (await PoolsAsync()).ShouldBe("a b");
    }

    [Fact]
    public async Task A_file_does_not_make_its_resource_a_member()
    {
        await ApplyAsync([A, B], "--set", "site");
        var copy = await world.DoAsync("get", "ippool", "b", "-o", "json");
        copy.ShouldContain("ipamctl/set");
        (await world.DoAsync("get", "ippool", "b", "-o", "json", "--export")).ShouldNotContain("ipamctl/set");
        await world.DoAsync("delete", "ippool", "b");
        var annotated = B.Replace("  name: b\n", "  name: b\n  annotations:\n    ipamctl/set: site\n", StringComparison.Ordinal);

        await world.DoAsync("create", "-f", world.Write("copy.yaml", annotated));
        (await ApplyAsync([A], "--set", "site", "--prune", "--yes")).Out.ShouldBe("Applied 1 IPPool resource.\n");
        await world.DoAsync("apply", "-f", world.Write("copy.yaml", annotated));
        (await ApplyAsync([A], "--set", "site", "--prune", "--yes")).Out.ShouldBe("Applied 1 IPPool resource.\n");

        (await PoolsAsync()).ShouldBe("a b");
    }

    [Fact]
    public async Task A_difference_knows_the_set()
    {
        await ApplyAsync([A], "--set", "site");

        (await world.RunAsync("diff", "-f", world.Write("set.yaml", A), "--set", "site")).ShouldBe(new(0, "", ""));
        (await world.RunAsync("diff", "-f", world.Write("set.yaml", A))).Out.ShouldContain("-    ipamctl/set: site");
    }

    [Fact]
    public async Task A_dry_run_says_everything_and_does_nothing()
    {
        await ApplyAsync([A, B], "--set", "site");

        var ran = await ApplyAsync([Pool("a", "10.1.0.0/16", "  natOutgoing: true\n"), Pool("c", "10.3.0.0/16")], "--set", "site", "--prune", "--dry-run");

        ran.ShouldBe(new(0, "ippool/a configured (dry run)\nippool/c created (dry run)\nippool/b pruned (dry run)\n", ""));
        (await ApplyAsync([A, B], "--set", "site", "--dry-run")).Out.ShouldBe("ippool/a unchanged (dry run)\nippool/b unchanged (dry run)\n");
        (await ApplyAsync([Pool("a", "10.9.0.0/16")], "--dry-run")).Exit.ShouldBe(1);
        (await PoolsAsync()).ShouldBe("a b");
    }

    private Task<Ran> ApplyAsync(string[] documents, params string[] options) =>
        world.RunAsync(["apply", "-f", world.Write("set.yaml", Several(documents)), .. options]);

    private async Task<string> PoolsAsync() =>
        string.Join(' ', (await world.DoAsync("get", "ippool", "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(name => name.Split('/')[1]));
}

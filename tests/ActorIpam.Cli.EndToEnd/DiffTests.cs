using Shouldly;
using Xunit;
using static ActorIpam.Cli.EndToEnd.Definitions;

namespace ActorIpam.Cli.EndToEnd;

public sealed class DiffTests(World world) : IClassFixture<World>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await world.EmptyAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Nothing_to_change_prints_nothing_and_succeeds()
    {
        var file = world.Write("pool.yaml", Several(Pool("p", "10.1.0.0/16"), Node("n1")));
        await world.DoAsync("apply", "-f", file);

        (await world.RunAsync("diff", "-f", file)).ShouldBe(new(0, "", ""));
    }

    [Fact]
    public async Task A_change_is_shown_and_makes_the_status_1_and_changes_nothing()
    {
        await world.DoAsync("apply", "-f", world.Write("pool.yaml", Pool("p", "10.1.0.0/16")));
        var file = world.Write("pool.yaml", Pool("p", "10.1.0.0/16", "  natOutgoing: true\n"));

        var ran = await world.RunAsync("diff", "-f", file);

        ran.ShouldBe(new(1, $"""
            --- ippool/p (stored)
            +++ ippool/p ({file}:1:1)
            @@ -7,7 +7,7 @@
               blockSize: 26
               ipipMode: Never
               vxlanMode: Never
            -  natOutgoing: false
            +  natOutgoing: true
               disabled: false
               disableBGPExport: false
               nodeSelector: all()

            """, ""));
        (await world.RunAsync("diff", "-f", file)).ShouldBe(ran);
        (await World.RunAsync(world.Url, "", ["diff", "-f", file], t => t with { IsInteractive = true })).Out.ShouldContain("\u001b[32m+  natOutgoing: true\u001b[0m");
    }

    [Fact]
    public async Task What_is_new_is_all_additions_and_what_would_be_refused_is_a_failure()
    {
        var fresh = await world.RunAsync("diff", "-f", world.Write("node.yaml", Node("n1")));
        fresh.Exit.ShouldBe(1);
        fresh.Error.ShouldBeEmpty();
        fresh.Out.Split('\n')[..4].ShouldBe(["--- nothing", $"+++ node/n1 ({world.Folder}/node.yaml:1:1)", "@@ -0,0 +1,5 @@", "+apiVersion: projectcalico.org/v3"]);

        var refused = await world.RunAsync("diff", "-f", world.Write("pool.yaml", Pool("p", "10.1.0.7/16")));
        refused.Exit.ShouldBe(1);
        refused.Out.ShouldBeEmpty();
        refused.Error.ShouldContain("pool.yaml:6:9: ");
    }

    [Fact]
    public async Task What_the_same_input_makes_impossible_is_told_behind_what_each_would_change()
    {
        var file = world.Write("pools.yaml", Several(Pool("p", "10.1.0.0/16"), Pool("q", "10.1.7.0/24")));
        const string Refused = "IPPool q: would be refused: The range 10.1.7.0/24 overlaps that of pool 'p', 10.1.0.0/16.\n";

        var rehearsed = await world.RunAsync("apply", "--dry-run", "-f", file);
        (rehearsed.Exit, rehearsed.Error).ShouldBe((0, ""));
        rehearsed.Out.ShouldStartWith("ippool/p created (dry run)\nippool/q created (dry run)\n");
        rehearsed.Out.ShouldContain("\n" + Refused);

        var shown = await world.RunAsync("diff", "-f", file);
        (shown.Exit, shown.Error).ShouldBe((1, ""));
        shown.Out.ShouldContain("\n# " + Refused);
    }

    [Fact]
    public async Task What_is_not_there_and_may_be_missing_is_not_called_refused()
    {
        var ran = await world.RunAsync("delete", "ippool", "nobody", "--skip-not-exists", "--dry-run");

        (ran.Exit, ran.Error).ShouldBe((0, ""));
        ran.Out.ShouldNotContain("refused");
    }
}

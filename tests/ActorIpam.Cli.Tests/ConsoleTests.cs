using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

/// <summary>What operators look at, and the prompt in which they do.</summary>
public sealed class ConsoleTests
{
    private const string Row = """{"stream":"block/10.1.0.0/26","version":2,"commit":"c2","at":"2026-08-04T14:02:00.5Z","member":"m1","schema":1,"events":[{"type":"AddressAssigned","ordinal":3,"handle":"web"},{"type":"CooldownEnded","ordinals":[1,2]}]}""";

    [Fact]
    public async Task Actors_are_listed_page_by_page()
    {
        await using var member = new FakeMember();
        member.Answers["GET /cluster/v1/actors?kind=block&limit=1000"] =
            (200, """{"member":"m1","items":[{"stream":"block/10.1.0.0/26","kind":"block","version":7,"state":"idle","mailbox":0}],"continue":"block/10.1.0.0/26"}""");
        member.Answers["GET /cluster/v1/actors?kind=block&limit=1000&continue=block%2F10.1.0.0%2F26"] =
            (200, """{"member":"m1","items":[{"stream":"host/host:a","kind":"host","state":"busy","mailbox":4}]}""");

        var ran = await Ipamctl.RunAsync(member, "actor", "list", "--kind", "block");

        ran.ShouldBe(new(0, "STREAM              KIND    VERSION   STATE   MAILBOX\nblock/10.1.0.0/26   block   7         idle    0\nhost/host:a         host    -         busy    4\n\n", ""));
    }

    [Fact]
    public async Task An_actor_is_shown_with_its_fold_and_its_last_events()
    {
        await using var member = new FakeMember();
        member.Answers["GET /cluster/v1/actors/block/10.1.0.0/26"] =
            (200, $$$"""{"member":"m1","actor":{"stream":"block/10.1.0.0/26","kind":"block","version":2,"state":"idle","mailbox":0},"head":2,"fold":{"ipamconfigurations":"0","owner":"host:a"},"events":[{{{Row}}}]}""");

        var ran = await Ipamctl.RunAsync(member, "actor", "show", "block/10.1.0.0/26");

        ran.Out.ShouldBe("""
            stream:       block/10.1.0.0/26
            member:       m1
            state:        idle
            version:      2
            head:         2
            mailbox:      0
              ipamconfigurations: 0
              owner:              host:a
            events:
              2026-08-04T14:02:00.500Z  v2  AddressAssigned ordinal=3 handle=web
              2026-08-04T14:02:00.500Z  v2  CooldownEnded ordinals=[1,2]

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_stream_is_shown_to_its_end()
    {
        await using var member = new FakeMember();
        member.Answers["GET /cluster/v1/journal/catalog?from=2&limit=1000"] = (200, $$"""{"items":[{{Row}}],"continue":"3"}""");
        member.Answers["GET /cluster/v1/journal/catalog?from=3&limit=1000"] = (200, $$"""{"items":[{{Row}}]}""");

        var ran = await Ipamctl.RunAsync(member, "journal", "show", "catalog", "--from", "2", "-o", "json");

        ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        ran.Out.ShouldContain("\"handle\":\"web\"");
    }

    [Fact]
    public async Task The_tail_goes_on_from_token_to_token_and_tells_when_its_place_is_lost()
    {
        await using var member = new FakeMember();
        member.Answers["GET /cluster/v1/journal?wait=10"] = (200, """{"items":[],"continue":"x.0"}""");
        member.Answers["GET /cluster/v1/journal?after=x.0&wait=10"] = (200, $$"""{"items":[{{Row}},{{Row.Replace("block/10.1.0.0/26", "catalog", StringComparison.Ordinal)}}],"continue":"x.2"}""");
        member.Answers["GET /cluster/v1/journal?after=x.2&wait=10"] = (410, FakeMember.Status(410, "Expired", "begin again"));

        var ran = await Ipamctl.RunAsync(member, "journal", "tail", "--stream", "block/*", "--limit", "2");

        ran.Exit.ShouldBe(0);
        ran.Out.Split('\n').Count(line => line.Contains("block/10.1.0.0/26 v2  AddressAssigned", StringComparison.Ordinal)).ShouldBe(2);
        ran.Out.ShouldNotContain("catalog");
        ran.Error.ShouldBe("The member does not know the place any more; what was recorded meanwhile is not shown.\n");
    }

    [Fact]
    public async Task Piped_lines_run_one_after_the_other_without_a_prompt()
    {
        await using var member = new FakeMember().WithPool("blue", "10.1.0.0/24");
        var lines = "get ippool blue\n\n# a remark\nipamctl get ippools -o json\nconsole\nget ippool red\nexit\nget nodes\n";

        var ran = await Ipamctl.RunAsync(member.Url, lines, ["console", "-o", "name"]);

        ran.Exit.ShouldBe(1);
        ran.Out.ShouldStartWith("ippool.projectcalico.org/blue\n");
        ran.Out.ShouldContain("\"items\"");
        ran.Out.ShouldNotContain("> ");
        ran.Error.ShouldContain("This is the console already.");
        ran.Error.ShouldContain("red");
        member.Asked.ShouldNotContain(asked => asked.Contains("nodes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Help_in_the_console_is_the_help_of_commands()
    {
        var ran = await Ipamctl.RunAsync("http://127.0.0.1:1", "help actor list\n", ["console"]);

        ran.Exit.ShouldBe(0);
        ran.Out.ShouldContain("ipamctl actor list --kind host");
    }

    [Fact]
    public async Task At_a_keyboard_lines_are_edited_recalled_and_completed()
    {
        await using var member = new FakeMember().WithPool("blue", "10.1.0.0/24");
        var keys = new Queue<ConsoleKeyInfo>([
            .. Type("get ipp"), Key(ConsoleKey.Tab), .. Type("blue -o nam"), Key(ConsoleKey.Tab), Key(ConsoleKey.Enter, '\r'),
            Key(ConsoleKey.UpArrow), Key(ConsoleKey.Home), .. Type("x"), Key(ConsoleKey.Backspace, '\b'), Key(ConsoleKey.Enter, '\r'),
            new('\u0004', ConsoleKey.D, shift: false, alt: false, control: true)]);

        var ran = await Ipamctl.RunAsync(member.Url, "", ["console"], terminal => terminal with { Keys = () => keys.TryDequeue(out var key) ? key : null });

        ran.Exit.ShouldBe(0);
        member.Asked.Count(asked => asked.EndsWith("ippools/blue", StringComparison.Ordinal)).ShouldBe(2);
        ran.Out.Split('\n').Count(line => line.TrimEnd() == "ippool.projectcalico.org/blue").ShouldBe(2);
        keys.ShouldBeEmpty();
    }

    private static IEnumerable<ConsoleKeyInfo> Type(string text) => text.Select(letter => new ConsoleKeyInfo(letter, ConsoleKey.A, shift: false, alt: false, control: false));

    private static ConsoleKeyInfo Key(ConsoleKey key, char letter = '\0') => new(letter, key, shift: false, alt: false, control: false);
}

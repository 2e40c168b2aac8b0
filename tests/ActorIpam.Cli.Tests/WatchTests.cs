using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

/// <summary>What is done with the lines of a member's watch (api.md §2).</summary>
public sealed class WatchTests
{
    private const string List = "GET /apis/projectcalico.org/v3/nodes";

    [Fact]
    public async Task Events_are_rows_and_the_watch_goes_on_from_the_last_version_it_heard_of()
    {
        await using var member = new FakeMember().With(Node("n1", 0));
        member.Answers[Watch(41)] = (200, $"{Event("MODIFIED", "n1", 42)}\n{Event("ADDED", "n2", 43)}\n{Event("DELETED", "n2", 44)}\n{Bookmark(50)}\n");
        member.Answers[Watch(50)] = (200, Event("ADDED", "n3", 51) + "\n");

        var ran = await RunAsync(member, pauses: 2);

        ran.ShouldBe(new(0, """
            EVENT          NAME
            ADDED          n1
            MODIFIED       n1
            ADDED          n2
            DELETED        n2
            ADDED          n3

            """, ""));
    }

    [Fact]
    public async Task A_version_that_is_too_old_makes_it_list_again_and_tell_only_what_is_new()
    {
        await using var member = new FakeMember().With(Node("n1", 0));
        member.Answers[Watch(41)] = (410, FakeMember.Status(410, "Expired", "too old"));
        member.Answers[Watch(0)] = (200, "");

        var ran = await RunAsync(member, pauses: 2);

        ran.Exit.ShouldBe(0);
        ran.Out.ShouldBe("EVENT          NAME\nADDED          n1\n");
        member.Asked.Count(call => call == List).ShouldBe(3, "at first, and after each of the two answers");
    }

    [Fact]
    public async Task A_member_that_cannot_watch_is_listed_again_and_again()
    {
        await using var member = new FakeMember().With(Node("n1", 0));
        member.Answers[Watch(41)] = (405, FakeMember.Status(405, "MethodNotAllowed", "no watch"));

        var ran = await RunAsync(member, pauses: 3);

        ran.Out.ShouldBe("EVENT          NAME\nADDED          n1\n");
        member.Asked.Count(call => call.Contains("watch=true", StringComparison.Ordinal)).ShouldBe(1);
        member.Asked.Count(call => call == List).ShouldBe(3);
    }

    [Fact]
    public async Task An_error_in_the_watch_and_what_is_no_watch_are_told()
    {
        await using var member = new FakeMember().With(Node("n1", 0));
        member.Answers[Watch(41)] = (200, $$$"""{"type":"ERROR","object":{{{FakeMember.Status(500, "InternalError", "It broke.")}}}}""");
        (await RunAsync(member, pauses: 1)).Error.ShouldBe("ipamctl: It broke.\n");

        member.Answers[Watch(41)] = (200, "<html>");
        (await RunAsync(member, pauses: 1)).Error.ShouldBe("ipamctl: The watch said something else than expected: <html>\n");
    }

    [Fact]
    public async Task Json_has_a_line_and_yaml_a_document_an_event()
    {
        await using var member = new FakeMember().With(Node("n1", 0));
        member.Answers[Watch(41)] = (200, Event("DELETED", "n1", 42));

        var json = (await RunAsync(member, pauses: 1, "-o", "json")).Out.Split('\n');
        json[0].ShouldStartWith("""{"type":"ADDED","object":{"apiVersion":"projectcalico.org/v3","kind":"Node","metadata":{"name":"n1",""");
        json[1].ShouldStartWith("""{"type":"DELETED",""");
        (await RunAsync(member, pauses: 1, "-o", "yaml")).Out.ShouldStartWith("---\ntype: ADDED\nobject:\n  apiVersion: ");
        (await RunAsync(member, pauses: 1, "-o", "name")).Out.ShouldBe("node.projectcalico.org/n1\nnode.projectcalico.org/n1\n");
    }

    /// <summary>Interrupts the watch when it pauses for the given time.</summary>
    private static async Task<Ipamctl.Ran> RunAsync(FakeMember member, int pauses, params string[] options)
    {
        using var interrupt = new CancellationTokenSource();
        var paused = 0;
        return await Ipamctl.RunAsync(
            member.Url,
            "",
            ["get", "nodes", "--watch", .. options],
            t => t with
            {
                Wait = async (_, cancellation) =>
                {
                    if (++paused == pauses)
                    {
                        await interrupt.CancelAsync();
                    }

                    cancellation.ThrowIfCancellationRequested();
                },
            },
            interrupt.Token);
    }

    private static string Watch(int version) => FormattableString.Invariant($"{List}?watch=true&resourceVersion={version}&allowWatchBookmarks=true");

    private static string Event(string type, string name, int version) => "{\"type\":\"" + type + "\",\"object\":" + Node(name, version) + "}";

    private static string Bookmark(int version) => "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Node\",\"metadata\":{\"resourceVersion\":\"" + version + "\"}}}";

    private static string Node(string name, int version) =>
        $$$"""{"apiVersion":"projectcalico.org/v3","kind":"Node","metadata":{"name":"{{{name}}}","resourceVersion":"{{{version}}}"},"spec":{}}""";
}

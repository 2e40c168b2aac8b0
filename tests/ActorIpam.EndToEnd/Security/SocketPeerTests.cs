using System.Diagnostics;
using System.Globalization;
using ActorIpam.Server.Security;
using Shouldly;
using Xunit;

namespace ActorIpam.EndToEnd.Security;

/// <summary>Who uses the unix socket, by the word of the kernel.</summary>
public sealed class SocketPeerTests
{
    [Fact]
    public async Task The_user_the_member_runs_as_is_an_operator()
    {
        await using var guarded = new Guarded();
        var socket = guarded.Workspace.At("ipam.sock");
        await guarded.StartAsync("--socket", socket);
        using var local = Api.OverSocket(socket);

        var me = (await local.GetAsync("/ipam/v1/access")).Expect(200).Json;

        ((string)me["role"]!).ShouldBe("operator");
        ((string)me["identity"]!).ShouldStartWith("uid:");
        (await guarded.As(null).GetAsync("/ipam/v1/access")).Expect(401);
    }

    [Fact]
    public async Task Other_users_may_what_a_rule_about_them_or_their_groups_says_and_nothing_without_one()
    {
        Assert.SkipUnless(Environment.UserName == "root" && File.Exists("/usr/bin/setpriv"), "Becoming another user needs root, and util-linux's setpriv.");
        await using var guarded = new Guarded();
        var socket = guarded.Workspace.At("ipam.sock");
        await guarded.StartAsync("--socket", socket, "--socket-allow", "uid:61001=viewer,uid:61002=allocator:rack-1,gid:61090=allocator:rack-2");

        // Other users must reach the socket: its folder is open to them, its group is theirs. A rule on the group of the socket itself would let all of them in.
        Open(guarded.Workspace.Folder);

        (await AsAsync(61001, "0")).ShouldBe((200, "uid:61001 viewer "));
        (await AsAsync(61002, "0")).ShouldBe((200, "uid:61002 allocator rack-1"));
        (await AsAsync(61003, "0,61090")).ShouldBe((200, "uid:61003 allocator rack-2"));
        (await AsAsync(61002, "0,61090")).ShouldBe((200, "uid:61002 allocator rack-1"), "a rule about the user comes before one about a group");
        (await AsAsync(61003, "0")).Code.ShouldBe(403);
        (await AsAsync(61003, "61003")).Code.ShouldBe(0, "the mode of the socket keeps out who is not of its group");

        async Task<(int Code, string Who)> AsAsync(int user, string groups)
        {
            var id = user.ToString(CultureInfo.InvariantCulture);
            var start = new ProcessStartInfo(
                "setpriv", ["--reuid", id, "--regid", id, "--groups", groups, "curl", "-s", "-w", "\n%{http_code}", "--unix-socket", socket, "http://localhost/ipam/v1/access"])
            {
                RedirectStandardOutput = true,
                WorkingDirectory = "/",
            };
            using var process = Process.Start(start)!;
            var lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n');
            await process.WaitForExitAsync();
            var (code, body) = (int.Parse(lines[^1], CultureInfo.InvariantCulture), string.Join('\n', lines[..^1]));
            if (code != 200)
            {
                return (code, body);
            }

            var me = System.Text.Json.Nodes.JsonNode.Parse(body)!;
            return (code, $"{me["identity"]} {me["role"]} {me["host"]}");
        }
    }

    [Fact]
    public void Rules_are_read_by_user_or_group_with_a_host_for_allocators()
    {
        SocketRules.Parse("uid:1=viewer, gid:2=allocator:rack-1").Rules.ShouldBe(
            [new(IsGroup: false, 1, Domain.Access.AccessRole.Viewer, null), new(IsGroup: true, 2, Domain.Access.AccessRole.Allocator, "rack-1")]);
        SocketRules.Parse(null).Rules.ShouldBeEmpty();
    }

    private static void Open(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        }
    }
}

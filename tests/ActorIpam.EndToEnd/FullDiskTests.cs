using System.Diagnostics;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd;

/// <summary>A disk that is really full: a small one of memory, mounted for the test, which needs root as namespaces do.</summary>
public sealed class FullDiskTests
{
    private const int Small = 6 * 1024 * 1024;

    private readonly HashSet<string> _granted = [];

    [Fact]
    public async Task Writes_are_refused_reads_go_on_and_nothing_is_lost_when_there_is_room_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root can mount a disk.");
        using var workspace = new Workspace();
        var disk = Directory.CreateDirectory(workspace.At("disk")).FullName;
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={Small}", "tmpfs", disk);
        try
        {
            // What somebody else left on the disk, and will clear away.
            var ballast = Path.Combine(disk, "ballast");
            File.WriteAllBytes(ballast, new byte[Small / 2]);
            var journal = "sqlite:" + Path.Combine(disk, "ipam.db");
            await using (var member = await MemberProcess.StartAsync("--journal", journal))
            {
                using var api = new Api(member.Url);
                (await api.PostAsync(Nodes, Node("rack-1"))).Expect(201);
                (await api.PostAsync(Pools, Pool("blue", "10.1.0.0/16"))).Expect(201);
                (await UntilRefusedAsync(api)).Expect(507);
                (await api.PostAsync("/ipam/v1/assign", Assign("rack-1", "still-full", ipv4: 8))).Expect(507);
                (await HeldAsync(api)).ShouldBe(_granted, ignoreOrder: true);

                File.Delete(ballast);
                await GrantAsync(api, "after");
                (await api.GetAsync("/readyz")).Expect(200);
                (await HeldAsync(api)).ShouldBe(_granted, ignoreOrder: true);
                await member.KillAsync();
            }

            await using var again = await MemberProcess.StartAsync("--journal", journal);
            using var later = new Api(again.Url);
            (await HeldAsync(later)).ShouldBe(_granted, ignoreOrder: true);
            (await later.GetAsync("/ipam/v1/check")).Expect(200).Json["problems"]!.AsArray().ShouldBeEmpty();
        }
        finally
        {
            await RunAsync("umount", disk);
        }
    }

    private async Task<Reply> UntilRefusedAsync(Api api)
    {
        for (var at = 0; at < 5_000; at++)
        {
            if (await GrantAsync(api, $"web-{at}") is { Code: not 200 } refused)
            {
                return refused;
            }
        }

        throw new InvalidOperationException("The disk never filled up.");
    }

    private async Task<Reply> GrantAsync(Api api, string handle)
    {
        var reply = await api.PostAsync("/ipam/v1/assign", Assign("rack-1", handle, ipv4: 8));
        if (reply.Code == 200)
        {
            _granted.UnionWith(reply.Addresses("ipv4"));
        }

        return reply;
    }

    private static async Task<List<string>> HeldAsync(Api api)
    {
        var (held, next) = (new List<string>(), "");
        do
        {
            var page = (await api.GetAsync("/ipam/v1/addresses?limit=10000" + next)).Expect(200).Json;
            held.AddRange(page["items"]!.AsArray().Select(item => (string)item!["address"]!));
            next = (string?)page["continue"] is { Length: > 0 } token ? "&continue=" + Uri.EscapeDataString(token) : "";
        }
        while (next.Length > 0);
        return held;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(0, program);
    }
}

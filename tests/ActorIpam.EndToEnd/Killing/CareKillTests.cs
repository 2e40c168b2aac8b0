using System.Diagnostics;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd.Killing;

/// <summary>kill -9 in the middle of a restore or a move: the target is no journal, nothing is at two places, and the same can be begun anew.</summary>
public sealed class CareKillTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("restore")]
    [InlineData("move")]
    public async Task A_killed_restore_or_move_leaves_nothing_that_could_be_started_on_and_is_begun_anew(string what)
    {
        await FillAsync();
        var target = _workspace.At("target.db");
        var file = _workspace.At("journal.backup");
        await ShouldSucceedAsync("backup", "--journal", _workspace.Journal, "--to", file);
        string[] command = what == "restore" ? ["restore", file, "--journal", $"sqlite:{target}"] : ["journal", "move", "--from", _workspace.Journal, "--to", $"sqlite:{target}"];

        await KillAsync(command, atSightOf: target + ".filling");
        File.Exists(target).ShouldBeFalse("half a journal has no name");
        File.Exists(target + ".filling").ShouldBeTrue("it was killed in the middle");

        await ShouldSucceedAsync(command);
        File.Exists(target + ".filling").ShouldBeFalse();
        await using var member = await MemberProcess.StartAsync("--journal", $"sqlite:{target}");
        using var api = new Api(member.Url);
        (await api.GetAsync("/ipam/v1/check")).Expect(200).Json["problems"]!.AsArray().ShouldBeEmpty();
    }

    /// <summary>The process is stopped at the first sight of the file, so that it cannot end before it is killed.</summary>
    private static async Task KillAsync(string[] command, string atSightOf)
    {
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(atSightOf)!, Path.GetFileName(atSightOf)) { EnableRaisingEvents = true };
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, _) => seen.TrySetResult();
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ipamctl.dll"), .. command]))!;
        await Task.WhenAny(seen.Task, process.WaitForExitAsync(TestContext.Current.CancellationToken));
        process.HasExited.ShouldBeFalse("it is killed while it works");
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static async Task ShouldSucceedAsync(params string[] command)
    {
        var (code, output, errors) = await Ipamctl.RunAsync("http://127.0.0.1:1", command);
        code.ShouldBe(0, output + errors);
    }

    /// <summary>Enough that filling the target takes longer than noticing it.</summary>
    private async Task FillAsync()
    {
        await using var member = await MemberProcess.StartAsync("--journal", _workspace.Journal);
        using var api = new Api(member.Url);
        (await api.PostAsync(Pools, Pool("blue", "10.0.0.0/12", 22))).Expect(201);
        (await api.PostAsync(Nodes, Node("host-a"))).Expect(201);
        for (var handle = 0; handle < 20; handle++)
        {
            (await api.PostAsync("/ipam/v1/assign", $$"""{"host":"host-a","handle":"many-{{handle}}","ipv4":1024,"maxBlocks":100,"use":"Workload"}""")).Expect(200);
        }
    }
}

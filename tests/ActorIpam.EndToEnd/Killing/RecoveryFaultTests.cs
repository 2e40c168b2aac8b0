using ActorIpam.Runtime;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd.Killing;

/// <summary>The process dies at each boundary of a recovery; hosts report again; everything ends as if nothing had happened.</summary>
public sealed class RecoveryFaultTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData(FaultPoint.HoldingsAdopted, 1)]
    [InlineData(FaultPoint.RecoveryStepped, 1)]
    [InlineData(FaultPoint.RecoveryStepped, 2)]
    public async Task A_death_in_a_recovery_is_mended_by_reporting_again(FaultPoint point, int times)
    {
        var late = await RestoreAsync();
        var deaths = 0;
        var member = await MemberProcess.StartAsync($"{point}:{times}", ["--journal", $"sqlite:{_workspace.At("restored.db")}"]);
        async Task<Reply> DefiniteAsync(string path, string body, int codeOfRepeat = 200)
        {
            while (true)
            {
                try
                {
                    using var api = new Api(member.Url);
                    var reply = await api.PostAsync(path, body);
                    return deaths > 0 && reply.Code == codeOfRepeat ? reply : reply.Expect(200);
                }
                catch (HttpRequestException)
                {
                    (await member.ExitAsync()).ShouldBe(137, "killed by SIGKILL");
                    (++deaths).ShouldBe(1);
                    await member.DisposeAsync();
                    member = await MemberProcess.StartAsync("--journal", $"sqlite:{_workspace.At("restored.db")}");
                }
            }
        }

        await DefiniteAsync("/ipam/v1/recovery/report", $$"""{"host":"host-a","holdings":[{"ip":"{{late}}","handle":"late"}]}""");
        await DefiniteAsync("/ipam/v1/recovery/end", "{}", codeOfRepeat: 409);
        deaths.ShouldBe(1, $"{point} was not passed {times} times");

        using var last = new Api(member.Url);
        (await last.GetAsync("/ipam/v1/recovery")).Expect(200).Json["recovering"]!.GetValue<bool>().ShouldBeFalse();
        var held = (await last.GetAsync("/ipam/v1/addresses")).Expect(200).Json["items"]!.AsArray().Single()!;
        ((string?)held["address"], (string?)held["handle"]).ShouldBe((late, "late"));
        (await last.PostAsync("/ipam/v1/assign", Assign("host-a", "next"))).Expect(200).Addresses("ipv4").ShouldNotContain(late);
        (await last.GetAsync("/ipam/v1/check")).Expect(200).Json["problems"]!.AsArray().ShouldBeEmpty();
        await member.DisposeAsync();
    }

    /// <summary>One host, one pool, a backup before the first address is given, a restored journal.</summary>
    /// <returns>The address that was given after the backup.</returns>
    private async Task<string> RestoreAsync()
    {
        await using var member = await MemberProcess.StartAsync("--journal", _workspace.Journal);
        using var api = new Api(member.Url);
        (await api.PostAsync(Pools, Pool("blue", "10.1.0.0/29", 29))).Expect(201);
        (await api.PostAsync(Nodes, Node("host-a"))).Expect(201);
        var file = _workspace.At("journal.backup");
        (await Ipamctl.RunAsync(member.Url, "backup", "--journal", _workspace.Journal, "--to", file)).Code.ShouldBe(0);
        var late = (await api.PostAsync("/ipam/v1/assign", Assign("host-a", "late"))).Expect(200).Addresses("ipv4").Single();
        (await Ipamctl.RunAsync(member.Url, "restore", file, "--journal", $"sqlite:{_workspace.At("restored.db")}")).Code.ShouldBe(0);
        return late;
    }
}

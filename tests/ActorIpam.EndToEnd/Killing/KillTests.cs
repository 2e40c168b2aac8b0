using System.Globalization;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd.Killing;

/// <summary>SIGKILL under load, again and again: what was acknowledged stays, and nothing else is held.</summary>
/// <remarks>KILL_ROUNDS sets the number of rounds, KILL_SEED the seed; a failure prints the seed.</remarks>
public sealed class KillTests(ITestOutputHelper output)
{
    public const int Hosts = 8;
    private const int Clients = 32;

    private static readonly TimeSpan LongestRound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Nothing_acknowledged_is_lost_doubled_or_leaked()
    {
        var rounds = Setting("KILL_ROUNDS", 20);
        var seed = Setting("KILL_SEED", Environment.TickCount & int.MaxValue);
        output.WriteLine($"KILL_SEED={seed} KILL_ROUNDS={rounds}");
        var chance = new Random(seed);
        await using var serving = new Serving();
        await serving.StartAsync();
        await PrepareAsync(serving.Api);

        var (present, ledger, countdown) = (new Present(), new Ledger(), new Countdown());
        var clients = Enumerable.Range(0, Clients).Select(n => new Client(n, seed, present.ApiAsync, ledger, countdown.Tick)).ToList();
        using var stop = new CancellationTokenSource();
        present.Serves(serving.Api);
        var running = Task.WhenAll(clients.Select(client => Task.Run(() => client.RunAsync(stop.Token))));
        for (var round = 1; round <= rounds; round++)
        {
            await countdown.From(chance.Next(20, 400)).WaitAsync(LongestRound, TestContext.Current.CancellationToken);
            present.Dies();
            await serving.Member.KillAsync();
            await serving.RestartAsync();
            present.Serves(serving.Api);
        }

        await stop.CancelAsync();
        await running.WaitAsync(LongestRound, TestContext.Current.CancellationToken);
        await Task.WhenAll(clients.Select(client => client.RepeatAllAsync())).WaitAsync(LongestRound, TestContext.Current.CancellationToken);

        output.WriteLine($"{ledger.Granted} granted, {ledger.Held.Count} held at the end");
        ledger.Violations.ShouldBeEmpty();
        await ShouldHoldAsync(serving.Api, ledger);
    }

    /// <summary>256 addresses in 32 blocks for 8 hosts and up to 192 holders: blocks are claimed, borrowed from and given back all the time.</summary>
    internal static async Task PrepareAsync(Api api)
    {
        (await api.PostAsync(Pools, Pool("blue", "10.1.0.0/24", 29))).Expect(201);
        for (var host = 0; host < Hosts; host++)
        {
            (await api.PostAsync(Nodes, Node($"host-{host}"))).Expect(201);
        }
    }

    internal static async Task ShouldHoldAsync(Api api, Ledger ledger)
    {
        var held = (await api.GetAsync("/ipam/v1/addresses?limit=10000")).Expect(200).Json["items"]!.AsArray();
        held.Select(a => ((string)a!["address"]!, (string)a["handle"]!, (long)a["generation"]!))
            .ShouldBe(ledger.Held.Select(h => (h.Ip, h.Handle, h.Generation)), ignoreOrder: true);

        var blocks = (await api.GetAsync("/ipam/v1/blocks")).Expect(200).Json["items"]!.AsArray();
        blocks.Sum(block => (long)block!["assigned"]!).ShouldBe(ledger.Held.Count);
        (await api.GetAsync("/ipam/v1/check")).Expect(200).Json["problems"]!.AsArray().ShouldBeEmpty("the journal and what queries show agree");
    }

    internal static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}

using System.Collections.Concurrent;
using ActorIpam.EndToEnd.Killing;
using Shouldly;
using Xunit;

namespace ActorIpam.EndToEnd.Cluster;

/// <summary>Members die, and are stopped one after the other, while clients go on: nothing acknowledged is lost, doubled or leaked.</summary>
/// <remarks>INV-1, INV-2, INV-3, INV-13, INV-14. CLUSTER_ROUNDS sets how often a member is killed, KILL_SEED the seed; a failure prints the seed.</remarks>
[Collection(nameof(Clusters))]
public sealed class LossTests(LocalCluster cluster, ITestOutputHelper output) : IClassFixture<LocalCluster>
{
    private const int Clients = 24;

    private static readonly TimeSpan LongestRound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Nothing_is_lost_when_members_are_killed_and_restarted_under_load()
    {
        var seed = KillTests.Setting("KILL_SEED", Environment.TickCount & int.MaxValue);
        var rounds = KillTests.Setting("CLUSTER_ROUNDS", 4);
        output.WriteLine($"KILL_SEED={seed} CLUSTER_ROUNDS={rounds}");
        var chance = new Random(seed);
        var apis = new ConcurrentDictionary<string, Api>(cluster.Names.ToDictionary(name => name, cluster.Api));
        await KillTests.PrepareAsync(apis["m1"]);

        var (ledger, countdown) = (new Ledger(), new Countdown());
        var clients = Enumerable.Range(0, Clients).Select(n => new Killing.Client(n, seed, () => Task.FromResult(AnyOf(apis)), ledger, countdown.Tick)).ToList();
        using var stop = new CancellationTokenSource();
        var running = Task.WhenAll(clients.Select(client => Task.Run(() => client.RunAsync(stop.Token))));

        for (var round = 0; round < rounds; round++)
        {
            await AnsweredAsync(countdown, chance.Next(100, 300));
            var name = cluster.Names.ElementAt(chance.Next(3));
            await cluster.SignalAsync(name, "KILL");
            await cluster.GoneAsync(name);
            await AnsweredAsync(countdown, chance.Next(50, 150));
            await cluster.StartAgainAsync(name);
            apis[name] = cluster.Api(name);
        }

        // A rolling restart: each member is asked to stop, and comes back.
        foreach (var name in cluster.Names.ToList())
        {
            await AnsweredAsync(countdown, 50);
            await cluster.SignalAsync(name, "TERM");
            await cluster.GoneAsync(name);
            await cluster.StartAgainAsync(name);
            apis[name] = cluster.Api(name);
        }

        await AnsweredAsync(countdown, 100);
        await stop.CancelAsync();
        await running.WaitAsync(LongestRound, TestContext.Current.CancellationToken);
        await Task.WhenAll(clients.Select(client => client.RepeatAllAsync())).WaitAsync(LongestRound, TestContext.Current.CancellationToken);

        output.WriteLine($"{ledger.Granted} granted, {ledger.Held.Count} held at the end");
        ledger.Violations.ShouldBeEmpty();
        await KillTests.ShouldHoldAsync(apis["m2"], ledger);
    }

    private static Task AnsweredAsync(Countdown countdown, int answers) => countdown.From(answers).WaitAsync(LongestRound, TestContext.Current.CancellationToken);

    private static Api AnyOf(ConcurrentDictionary<string, Api> apis) => apis.Values.ElementAt(Random.Shared.Next(apis.Count));
}

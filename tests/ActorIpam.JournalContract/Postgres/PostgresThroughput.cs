using System.Collections.Immutable;
using System.Diagnostics;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Postgres;

/// <summary>A report, never a gate: what one append connection takes in batches of 64 assignments. Runs when <c>JOURNAL_REPORT</c> is set.</summary>
public sealed class PostgresThroughput
{
    private const int Batch = 64, Rounds = 150, WarmUp = 50;

    [Fact]
    public async Task Assignments_a_second_over_one_connection()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("JOURNAL_REPORT") is null, "JOURNAL_REPORT is not set.");
        await using var under = await PostgresSource.NewAsync(appendConnections: 1);
        var heads = new Head[Batch];
        var clock = new Stopwatch();
        for (var round = 0; round < Rounds; round++)
        {
            ImmutableArray<Unit> units = [.. Enumerable.Range(0, Batch).Select(host => Assignment(round, host, heads[host]))];
            if (round == WarmUp)
            {
                clock.Start();
            }

            (await under.Journal.AppendAsync(units)).ShouldAllBe(outcome => outcome is Outcome.Won);
            for (var host = 0; host < Batch; host++)
            {
                heads[host] = heads[host].Next(units[host].Commit);
            }
        }

        var second = Batch * (Rounds - WarmUp) / clock.Elapsed.TotalSeconds;
        TestContext.Current.SendDiagnosticMessage("{0:0} assignments a second, {1:0.00} ms a batch of {2}", second, clock.Elapsed.TotalMilliseconds / (Rounds - WarmUp), Batch);
        await File.AppendAllTextAsync(Environment.GetEnvironmentVariable("JOURNAL_REPORT")!, $"{second:0} assignments a second in batches of {Batch}\n", TestContext.Current.CancellationToken);
    }

    private static Unit Assignment(int round, int host, Head head)
    {
        var block = Cidr.Containing(Ip("10.0.0.0").Plus((uint)(host * 1024)), 22);
        var ip = block.First.Plus((uint)round);
        var handle = $"k8s-pod-network.{host:000}-{round:0000}";
        var row = Row(ip.ToString(), head.Version + 1, handle) with { Block = block, Attributes = ImmutableSortedDictionary<string, string>.Empty.Add("pod", handle).Add("namespace", "default") };
        return Unit(Append(new($"block/{block}"), head, $$"""[{"type":"AddressAssigned","ordinal":{{round}},"handle":"{{handle}}","owner":"host:a"}]""")) with
        {
            Fences = [new(Policy, Head.None), new(new("node/a"), Head.None)],
            Guards = [new IpamGuard.HandleOpen(handle, At(1), []), new IpamGuard.NewRequest(handle, "digest", At(1), handle, [new(ip, head.Version + 1)])],
            Views = [new IpamViewChange.AddressHeld(row), new IpamViewChange.BlockStands(BlockOf("10.0.0.0/28", A, free: 10) with { Block = block, Version = head.Version + 1 })],
        };
    }
}

using System.Text.Json.Nodes;
using ActorIpam.Conformance.Cases;
using ActorIpam.Conformance.Playing;
using ActorIpam.Conformance.Rules;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.InMemory;

namespace ActorIpam.Conformance.Scenarios;

/// <summary>Cases about work that nobody asks for, played on a whole member: its sweeps are run where the case says.</summary>
internal static class SweptWorld
{
    private const string Host = "node-a";

    /// <summary>Some blocks of a host, the first of them in use, the others empty.</summary>
    public static void IdleBlocks(Case one, Findings findings)
    {
        var (grace, empty) = (GarbageCases.GraceOf(one.Fields), one.Fields.Int("empty_blocks", 0));
        var blocks = one.Fields.Int("node_blocks", 0);
        var left = one.Fields.Get("outcome").Map().Text("after_grace") is "1 block left" ? 1 : throw new CaseFormatException(one.Id, "unknown outcome.");
        Run(grace, async (world, pass) =>
        {
            for (var at = 0; at < blocks; at++)
            {
                await world.Door.ClaimAffinityAsync(new() { Host = Host, Cidr = $"10.0.0.{at * 16}/28" }, CancellationToken.None);
            }

            for (var at = empty; at < blocks; at++)
            {
                await world.Door.AssignIpAsync(new() { Host = Host, Handle = $"h{at}", Ip = $"10.0.0.{at * 16}" }, CancellationToken.None);
            }

            await world.SweepAsync();
            findings.Equal("blocks at first", blocks, world.Journal.Snapshot().Blocks.Count);
            await pass(grace / 2);
            await world.SweepAsync();
            findings.Equal("blocks within the grace period", blocks, world.Journal.Snapshot().Blocks.Count);
            await pass(grace);
            await world.SweepAsync();
            findings.Equal("blocks after it", left, world.Journal.Snapshot().Blocks.Count);
            Laws.Check(world.Journal.Snapshot(), findings.At("afterwards"));
        });
    }

    /// <summary>An address that was released some time ago, and a background pass.</summary>
    public static void Cooldowns(Case one, Findings findings)
    {
        var (cooldown, ago) = (one.Fields.Get("cooldown").Int(), one.Fields.Get("released_seconds_ago").Int());
        var outcome = one.Fields.Get("outcome").Map();
        Run(TimeSpan.Zero, async (world, pass) =>
        {
            // Longer than the resource allows, where a case says so: the rule is about the stamps alone.
            var longest = Math.Min(cooldown, 1200);
            await world.ApplyAsync(ResourceKind.IPAMConfiguration, new JsonObject { ["name"] = "default", ["ipCooldownSeconds"] = longest });
            await world.Door.AssignIpAsync(new() { Host = Host, Handle = "web", Ip = "10.0.0.1" }, CancellationToken.None);
            await world.Door.ReleaseHandleAsync(new() { Handle = "web" }, CancellationToken.None);
            await pass(TimeSpan.FromSeconds(longest < cooldown ? (double)ago * longest / cooldown : ago));
            var before = Rows(world.Journal.Snapshot());
            await world.SweepAsync();
            var after = world.Journal.Snapshot();
            findings.Equal("write", outcome.Flag("write", otherwise: false), Rows(after) > before);
            if (outcome.TextOrNull("address") is "free")
            {
                findings.Equal("cooling", 0, after.Blocks.Values.Sum(static row => row.Cooling));
                findings.Equal("free", 16, after.Blocks.Values.Sum(static row => row.Free));
            }
        });
        outcome.NoOthers();
    }

    private static int Rows(JournalState state) => state.Rows.Values.Sum(static rows => rows.Count);

    private static void Run(TimeSpan grace, Func<World, Func<TimeSpan, Task>, Task> play)
    {
        var clock = new VirtualClock();
        var thread = new SingleThread(clock);
        thread.Run(async () =>
        {
            await using var world = new World(clock, grace);
            await world.ApplyAsync(ResourceKind.Node, new JsonObject { ["name"] = Host });
            await world.ApplyAsync(ResourceKind.IPPool, new JsonObject { ["name"] = "p", ["cidr"] = "10.0.0.0/24", ["blockSize"] = 28 });
            await play(world, async time =>
            {
                thread.Expect(time);
                await Task.Delay(time, clock);
            });
        });
    }
}

using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;
using ActorIpam.Engine;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using Shouldly;
using static ActorIpam.EngineSpecs.World;

namespace ActorIpam.EngineSpecs;

/// <summary>Requests that are decided together, in one unit.</summary>
public sealed class OneTurnSpecs
{
    private const int Many = 12;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <remarks>
    /// The block had room before the unit, and can be claimed behind it: that there is none was true at no instant (INV-15). The member has not learned yet that
    /// somebody else orphaned the block, so that its release goes where the assignment goes.
    /// </remarks>
    [Fact]
    public async Task Nobody_is_told_of_exhaustion_because_the_block_with_room_is_closed_in_his_unit()
    {
        var journal = new MemoryJournal();
        var gate = new Gate(journal);
        var chance = new Counting();
        await using var other = Member.Start(new(journal, journal, TimeProvider.System, chance), new() { Name = "other" });
        await using var member = Member.Start(new(gate, journal, TimeProvider.System, chance), new() { Name = "member" });
        Must(await member.Door.CreateAsync(Node("node-a"), dryRun: false, Cancellation));
        Must(await member.Door.CreateAsync(Pool("web", "10.0.0.0/30", 30), dryRun: false, Cancellation));
        Must(await member.Door.CreateAsync(Pool("beside", "10.1.0.0/24", 26), dryRun: false, Cancellation));
        var held = Must(await member.Door.AssignAsync(new() { Host = "node-a", Handle = "first", Ipv4 = 4, Ipv4Pools = ["10.0.0.0/30"] }, Cancellation)).Ipv4;
        Must(await other.Door.ReleaseAffinityAsync(new() { Host = "node-a", Cidr = "10.0.0.0/30" }, Cancellation));
        Must(await other.Door.ReleaseAsync(Of(held[..3]), Cancellation));

        gate.Close();
        var before = member.Door.AssignAsync(new() { Host = "node-a", Handle = "before", Ipv4 = 1, Ipv4Pools = ["10.1.0.0/24"] }, Cancellation);
        await gate.Reached;
        var release = member.Door.ReleaseAsync(Of(held[3..]), Cancellation);
        await Task.Delay(200, Cancellation);
        var late = member.Door.AssignAsync(new() { Host = "node-a", Handle = "late", Ipv4 = 1, Ipv4Pools = ["10.0.0.0/30"] }, Cancellation);
        await Task.Delay(200, Cancellation);
        gate.Open();

        Must(await before).Ipv4.ShouldHaveSingleItem();
        Must(await release).Released.ShouldHaveSingleItem();
        Must(await late).Ipv4.ShouldHaveSingleItem();
        gate.Batches.ShouldContain(batch => batch.Any(static unit => unit.Appends.Any(static append => append.Events.Contains("\"BlockClosed\"", StringComparison.Ordinal))));
    }

    /// <remarks>As when another member serves the same hosts: it writes one of the blocks again before a unit that needs several can be judged.</remarks>
    [Fact]
    public async Task What_loses_together_is_tried_in_halves()
    {
        var (granted, tried) = await TogetherAsync(blockSize: 30, static unit => BlocksOf(unit) > 1);
        granted.Select(static task => Must(task.Result).Ipv4.ShouldHaveSingleItem().Address).Distinct().Count().ShouldBe(Many);
        tried.Take(4).ShouldBe([1, 12, 6, 3]);
    }

    [Fact]
    public async Task What_rests_on_one_block_stays_together()
    {
        var losses = 0;
        var (granted, tried) = await TogetherAsync(blockSize: 26, unit => BlocksOf(unit) == 1 && unit.Guards.Length > 2 && ++losses < 3);
        granted.ShouldAllBe(static task => task.IsCompletedSuccessfully);
        tried.ShouldBe([1, 12, 12, 12]);
    }

    [Fact]
    public async Task What_loses_too_often_is_given_up_and_the_others_go_on()
    {
        var (granted, _) = await TogetherAsync(blockSize: 30, static unit => unit.Guards.Any(static guard => guard is IpamGuard.HandleOpen { Handle: "pod-0" }));
        granted.Select(static task => task.IsFaulted).ShouldBe([true, true, true, .. Enumerable.Repeat(false, Many - 3)]);
        granted[0].Exception!.InnerException.ShouldBeOfType<UnavailableException>().Message.ShouldBe("Others won 3 times in a row.");
    }

    /// <summary>So many assignments of one host at once, behind a first one.</summary>
    /// <returns>What became of them, and how many commands each unit had.</returns>
    private static async Task<(List<Task<Answer<AssignAnswer>>> Granted, ImmutableArray<int> Tried)> TogetherAsync(int blockSize, Func<Unit, bool> loses)
    {
        var journal = new MemoryJournal();
        var gate = new Gate(journal) { Loses = loses };
        await using var member = Member.Start(new(gate, journal, TimeProvider.System, new Counting()), new() { Name = "member", LossesPerTurn = 3 });
        Must(await member.Door.CreateAsync(Node("node-a"), dryRun: false, Cancellation));
        Must(await member.Door.CreateAsync(Pool("web", "10.0.0.0/24", blockSize), dryRun: false, Cancellation));
        gate.Close();
        Task<Answer<AssignAnswer>> AssignAsync(string handle) => member.Door.AssignAsync(new() { Host = "node-a", Handle = handle, Ipv4 = 1 }, Cancellation);
        var first = AssignAsync("first");
        await gate.Reached;
        var others = Enumerable.Range(0, Many).Select(number => AssignAsync($"pod-{number}")).ToList();
        await Task.Delay(200, Cancellation);
        gate.Batches.Clear();
        gate.Open();
        Must(await first);
        await Task.WhenAll(others).ContinueWith(static _ => { }, Cancellation, TaskContinuationOptions.None, TaskScheduler.Default);
        return (others, [.. gate.Batches.SelectMany(static batch => batch).Select(static unit => unit.Guards.Length / 2)]);
    }

    private static int BlocksOf(Unit unit) => unit.Appends.Count(static append => append.Stream.Value.StartsWith("block/", StringComparison.Ordinal));

    private static ReleaseRequest Of(ImmutableArray<AssignedAddress> held) => new()
    {
        Addresses = [.. held.Select(static address => new ReleaseEntry(address.Address, "first", address.Generation))],
    };

    /// <summary>A journal whose batches can be kept back, and that loses some units.</summary>
    private sealed class Gate(MemoryJournal journal) : IJournal
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource? _closed;

        public List<ImmutableArray<Unit>> Batches { get; } = [];

        /// <summary>Which units come too late whatever they expect.</summary>
        public Func<Unit, bool> Loses { get; init; } = static _ => false;

        public Task Reached => _reached.Task;

        public void Close() => _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Open() => _closed!.SetResult();

        public async ValueTask<ImmutableArray<Outcome>> AppendAsync(ImmutableArray<Unit> batch)
        {
            if (_closed is { } closed)
            {
                _reached.TrySetResult();
                await closed.Task;
            }

            Batches.Add(batch);
            return batch.Any(Loses) ? [.. batch.Select(static unit => new Outcome.Lost([unit.Appends[0].Stream]))] : await journal.AppendAsync(batch);
        }

        public ValueTask<StreamTail> ReadAsync(StreamId stream, Head after, CancellationToken cancellation) => journal.ReadAsync(stream, after, cancellation);

        public ValueTask<StreamTail> LoadAsync(StreamId stream, long below, CancellationToken cancellation) => journal.LoadAsync(stream, below, cancellation);

        public ValueTask<ImmutableArray<Head>> HeadsAsync(ImmutableArray<StreamId> streams, CancellationToken cancellation) => journal.HeadsAsync(streams, cancellation);
    }
}

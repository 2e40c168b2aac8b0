using System.Collections.Immutable;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using Shouldly;
using static ActorIpam.EngineSpecs.World;

namespace ActorIpam.EngineSpecs;

/// <summary>Requests that are decided together, in one unit.</summary>
public sealed class OneTurnSpecs
{
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

    private static ReleaseRequest Of(ImmutableArray<AssignedAddress> held) => new()
    {
        Addresses = [.. held.Select(static address => new ReleaseEntry(address.Address, "first", address.Generation))],
    };

    /// <summary>A journal whose batches can be kept back.</summary>
    private sealed class Gate(MemoryJournal journal) : IJournal
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource? _closed;

        public List<ImmutableArray<Unit>> Batches { get; } = [];

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
            return await journal.AppendAsync(batch);
        }

        public ValueTask<StreamTail> ReadAsync(StreamId stream, Head after, CancellationToken cancellation) => journal.ReadAsync(stream, after, cancellation);

        public ValueTask<StreamTail> LoadAsync(StreamId stream, long below, CancellationToken cancellation) => journal.LoadAsync(stream, below, cancellation);

        public ValueTask<ImmutableArray<Head>> HeadsAsync(ImmutableArray<StreamId> streams, CancellationToken cancellation) => journal.HeadsAsync(streams, cancellation);
    }
}

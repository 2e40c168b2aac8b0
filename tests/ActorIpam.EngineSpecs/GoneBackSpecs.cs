using System.Collections.Immutable;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using Shouldly;
using static ActorIpam.EngineSpecs.World;

namespace ActorIpam.EngineSpecs;

/// <summary>The store goes back between two reads of a member: what the first read showed and what the second showed were never true together.</summary>
public sealed class GoneBackSpecs
{
    private static readonly Owner Host = Owner.Host("node-a");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <remarks>
    /// The member reads heads; then the host's only block is taken from it; the member reads the set, which is empty; then the store goes back, and the block is the
    /// host's again. A claim decided on the empty set under the old head would win, and the host would have two blocks where one is allowed.
    /// </remarks>
    [Fact]
    public async Task A_set_of_blocks_is_not_decided_on_under_a_head_of_another_instant()
    {
        var journal = new MemoryJournal();
        var chance = new Counting();
        await using var other = Member.Start(new(journal, journal, TimeProvider.System, chance), new() { Name = "other" });
        foreach (var resource in (Resource[])[new IpamConfiguration(new("default"), new() { StrictAffinity = true, MaxBlocksPerHost = 1 }), Node("node-a"), Pool("web", "10.0.0.0/24", 30)])
        {
            Must(await other.Door.CreateAsync(resource, dryRun: false, Cancellation));
        }

        Must(await other.Door.AssignAsync(new() { Host = "node-a", Handle = "first", Ipv4 = 4 }, Cancellation));
        var held = journal.Snapshot();
        var between = new Between(journal)
        {
            AfterTheHeads = async () => Must(await other.Door.ReleaseAffinityAsync(new() { Host = "node-a", Cidr = "10.0.0.0/24" }, Cancellation)),
            BeforeTheStreams = () => journal.Restore(held),
        };
        await using var member = Member.Start(new(between, journal, TimeProvider.System, chance), new() { Name = "member" });

        var late = await member.Door.AssignAsync(new() { Host = "node-a", Handle = "late", Ipv4 = 1 }, Cancellation);

        between.IsOver.ShouldBeTrue("the store went back while the member decided");
        Must(late).Ipv4.ShouldBeEmpty("the host has its one block again, and it is full");
        journal.Snapshot().Blocks.Values.Count(row => row.Owner == Host).ShouldBe(1);
    }

    /// <remarks>
    /// The member knows the host and its node; the node is deleted; the member learns that, because it looks at another host; then the store goes back, and the node
    /// is there again, under the head that the member knew at first.
    /// </remarks>
    [Fact]
    public async Task A_node_is_not_missed_because_of_a_catalog_of_another_instant_than_its_head()
    {
        var journal = new MemoryJournal();
        var chance = new Counting();
        await using var other = Member.Start(new(journal, journal, TimeProvider.System, chance), new() { Name = "other" });
        await using var member = Member.Start(new(journal, journal, TimeProvider.System, chance), new() { Name = "member" });
        foreach (var resource in (Resource[])[Node("node-a"), Node("node-b"), Pool("web", "10.0.0.0/24", 30)])
        {
            Must(await other.Door.CreateAsync(resource, dryRun: false, Cancellation));
        }

        Must(await member.Door.AssignAsync(new() { Host = "node-a", Handle = "first", Ipv4 = 1 }, Cancellation));
        Must(await member.Door.AssignAsync(new() { Host = "node-a", Handle = "second", Ipv4 = 1 }, Cancellation));
        var held = journal.Snapshot();
        Must(await other.Door.DeleteAsync(ResourceKind.Node, "node-a", resourceVersion: null, dryRun: false, Cancellation));
        Must(await member.Door.AssignAsync(new() { Host = "node-b", Handle = "beside", Ipv4 = 1 }, Cancellation));
        journal.Restore(held);

        Must(await member.Door.AssignAsync(new() { Host = "node-a", Handle = "late", Ipv4 = 1 }, Cancellation)).Ipv4.ShouldHaveSingleItem();
    }

    /// <remarks>
    /// The member reads what a handle holds that is finally released; then the store goes back to before it was assigned, and the handle is assigned the same address
    /// again, by a later request, under the same generation, because a generation is a version of the block.
    /// </remarks>
    [Fact]
    public async Task A_final_release_spares_a_later_assignment_under_the_generation_it_has_seen()
    {
        var journal = new MemoryJournal();
        var chance = new Counting();
        await using var other = Member.Start(new(journal, journal, TimeProvider.System, chance), new() { Name = "other" });
        foreach (var resource in (Resource[])[Node("node-a"), Pool("web", "10.0.0.0/24", 30)])
        {
            Must(await other.Door.CreateAsync(resource, dryRun: false, Cancellation));
        }

        Must(await other.Door.AssignAsync(new() { Host = "node-a", Handle = "beside", Ipv4 = 1 }, Cancellation));
        var before = journal.Snapshot();
        var issued = DateTimeOffset.UtcNow;
        var first = Must(await other.Door.AssignAsync(new() { Host = "node-a", Handle = "pod", Ipv4 = 1, IssuedAt = issued }, Cancellation)).Ipv4[0];
        var late = first;
        var between = new Between(journal)
        {
            BeforeTheBlock = async () =>
            {
                journal.Restore(before);
                late = Must(await other.Door.AssignAsync(new() { Host = "node-a", Handle = "pod", Ipv4 = 1, IssuedAt = issued.AddSeconds(2) }, Cancellation)).Ipv4[0];
            },
        };
        await using var member = Member.Start(new(between, journal, TimeProvider.System, chance), new() { Name = "member" });

        Must(await member.Door.ReleaseHandleAsync(new() { Handle = "pod", Final = true, IssuedAt = issued.AddSeconds(1) }, Cancellation)).Released.ShouldBeEmpty();

        (late.Address, late.Generation).ShouldBe((first.Address, first.Generation), "the world that is meant");
        journal.Snapshot().Addresses.Values.ShouldContain(row => row.Handle == "pod", "it was issued after what the release is about");
    }

    /// <summary>Lets something happen behind the first read of the host's heads, and something else before the next read of a stream that is not the catalog.</summary>
    private sealed class Between(MemoryJournal journal) : IJournal
    {
        private bool _read;

        public Func<Task> AfterTheHeads { get; init; } = static () => Task.CompletedTask;

        public Action BeforeTheStreams { get; init; } = static () => { };

        /// <summary>Happens before a block is read for the first time.</summary>
        public Func<Task>? BeforeTheBlock { get; set; }

        public bool IsOver { get; private set; }

        public ValueTask<ImmutableArray<Outcome>> AppendAsync(ImmutableArray<Unit> batch) => journal.AppendAsync(batch);

        public async ValueTask<StreamTail> ReadAsync(StreamId stream, Head after, CancellationToken cancellation)
        {
            await GoOnAsync(stream);
            return await journal.ReadAsync(stream, after, cancellation);
        }

        public async ValueTask<StreamTail> LoadAsync(StreamId stream, long below, CancellationToken cancellation)
        {
            await GoOnAsync(stream);
            return await journal.LoadAsync(stream, below, cancellation);
        }

        public async ValueTask<ImmutableArray<Head>> HeadsAsync(ImmutableArray<StreamId> streams, CancellationToken cancellation)
        {
            var heads = await journal.HeadsAsync(streams, cancellation);
            if (!_read && streams.Contains(Streams.Node("node-a")))
            {
                _read = true;
                await AfterTheHeads();
            }

            return heads;
        }

        private async Task GoOnAsync(StreamId stream)
        {
            if (BeforeTheBlock is { } happens && stream.Value.StartsWith("block/", StringComparison.Ordinal))
            {
                BeforeTheBlock = null;
                await happens();
            }

            if (_read && !IsOver && stream != Streams.Catalog)
            {
                IsOver = true;
                BeforeTheStreams();
            }
        }
    }
}

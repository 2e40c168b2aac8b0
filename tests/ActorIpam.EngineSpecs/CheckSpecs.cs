using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using Shouldly;

namespace ActorIpam.EngineSpecs;

/// <summary>Rows are damaged on purpose, one kind at a time, and each kind is found.</summary>
public sealed class CheckSpecs : IAsyncLifetime
{
    private readonly MemoryJournal _journal = new();
    private Member _member = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _member = Start(_journal);
        await _member.Door.CreateAsync(new Node(new("node-a"), new()), dryRun: false, Cancellation);
        await _member.Door.CreateAsync(new IpPool(new("web"), new() { Cidr = "10.0.0.0/24", BlockSize = 29 }), dryRun: false, Cancellation);
        (await _member.Door.AssignAsync(new() { Host = "node-a", Handle = "pod", Ipv4 = 3, Attributes = Attributes("pod", "web-0") }, Cancellation)).IsRefused.ShouldBeFalse();
        await _member.Door.ReleaseAsync(new() { Addresses = [new(Held.Last().ToString())] }, Cancellation);
    }

    public ValueTask DisposeAsync() => _member.DisposeAsync();

    [Fact]
    public async Task A_sound_journal_has_no_problems_and_says_what_was_looked_at()
    {
        var report = await _member.Door.CheckAsync(Cancellation);
        report.Problems.ShouldBeEmpty();
        (report.Resources, report.Pools, report.Blocks, report.Addresses).ShouldBe((2, 1, 1, 2));
    }

    [Fact]
    public Task A_row_of_a_block_with_other_figures_is_found() =>
        ShouldFindAsync(CheckKind.BlockDiffers, state => state with { Blocks = state.Blocks.SetItem(Block, state.Blocks[Block] with { Free = 0 }) });

    [Fact]
    public Task A_missing_row_of_an_address_is_found() =>
        ShouldFindAsync(CheckKind.AddressMissing, state => state with { Addresses = state.Addresses.Remove(Held.First()) });

    [Fact]
    public Task A_row_of_an_address_that_nobody_was_given_is_found() =>
        ShouldFindAsync(CheckKind.AddressUnknown, state => state with { Addresses = state.Addresses.Add(Free, state.Addresses[Held.First()] with { Ip = Free }) });

    [Fact]
    public Task A_row_with_another_holder_is_found() =>
        ShouldFindAsync(CheckKind.AddressDiffers, state => state with { Addresses = state.Addresses.SetItem(Held.First(), state.Addresses[Held.First()] with { Handle = "thief" }) });

    [Fact]
    public Task Attributes_that_were_changed_are_found() =>
        ShouldFindAsync(CheckKind.AttributesDiffer, state => state with { Addresses = state.Addresses.SetItem(Held.First(), state.Addresses[Held.First()] with { Attributes = Attributes("pod", "web-1") }) });

    [Fact]
    public Task A_row_of_an_address_in_no_block_is_found()
    {
        var (ip, block) = (IpAddress.Parse("10.9.9.9"), Cidr.Parse("10.9.9.8/29"));
        return ShouldFindAsync(CheckKind.AddressStray, state => state with { Addresses = state.Addresses.Add(ip, state.Addresses[Held.First()] with { Ip = ip, Block = block }) });
    }

    [Fact]
    public Task A_block_with_another_owner_than_its_pool_says_is_found() =>
        ShouldFindAsync(CheckKind.OwnerDiffers, state => state with { Blocks = state.Blocks.SetItem(Block, state.Blocks[Block] with { Owner = Owner.Host("thief") }) });

    [Fact]
    public Task A_resource_that_was_edited_behind_the_catalog_is_found() => ShouldFindAsync(CheckKind.ResourceDiffers, state =>
    {
        var name = new ResourceName("IPPool", "web");
        return state with { Resources = state.Resources.SetItem(name, state.Resources[name] with { Body = state.Resources[name].Body.Replace("10.0.0.0", "10.1.0.0", StringComparison.Ordinal) }) };
    });

    [Fact]
    public Task A_resource_without_a_row_is_found() =>
        ShouldFindAsync(CheckKind.ResourceDiffers, state => state with { Resources = state.Resources.Remove(new("Node", "node-a")) });

    [Fact]
    public Task A_stream_with_an_event_that_contradicts_it_is_found() => ShouldFindAsync(CheckKind.StreamBroken, state =>
    {
        var rows = state.Rows[Streams.Block(Block)];
        var (version, row) = rows.Last();
        return state with { Rows = state.Rows.SetItem(Streams.Block(Block), rows.SetItem(version, row with { Events = """[{"type":"BlockClosed","why":"damage"}]""" })) };
    });

    [Fact]
    public Task A_stream_with_an_unknown_event_is_found() => ShouldFindAsync(CheckKind.StreamBroken, state =>
    {
        var rows = state.Rows[Streams.Block(Block)];
        var (version, row) = rows.Last();
        return state with { Rows = state.Rows.SetItem(Streams.Block(Block), rows.SetItem(version, row with { Events = """[{"type":"BlockPainted"}]""" })) };
    });

    [Fact]
    public Task A_damaged_snapshot_is_found() => ShouldFindAsync(CheckKind.SnapshotBad, state => WithSnapshot(state, snapshot => snapshot with { State = snapshot.State + " " }));

    [Fact]
    public Task A_snapshot_that_is_not_what_the_events_say_is_found() => ShouldFindAsync(CheckKind.SnapshotBad, state => WithSnapshot(
        state, snapshot => Snapshot.Seal(snapshot.Stream, snapshot.Head, snapshot.Schema, snapshot.State.Replace("node-a", "node-b", StringComparison.Ordinal))));

    [Fact]
    public Task A_snapshot_of_a_newer_member_is_found() => ShouldFindAsync(CheckKind.SnapshotBad, state => WithSnapshot(
        state, snapshot => Snapshot.Seal(snapshot.Stream, snapshot.Head, 99, snapshot.State)));

    private static JournalState WithSnapshot(JournalState state, Func<Snapshot, Snapshot> damage)
    {
        var range = state.Blocks.Keys.Single();
        var facts = state.Rows[Streams.Block(range)].Values.SelectMany(row => BlockEventCodec.Instance.Read(row.Events, row.Schema));
        var folded = facts.Aggregate(Domain.Blocks.Block.At(range), (block, fact) => block.Apply(fact));
        var good = Snapshot.Seal(Streams.Block(range), state.HeadOf(Streams.Block(range)), 1, BlockSnapshotCodec.Instance.Write(folded));
        return state with { Snapshots = state.Snapshots.SetItem(good.Stream, [damage(good)]) };
    }

    private Cidr Block => _journal.Snapshot().Blocks.Keys.Single();

    private IEnumerable<IpAddress> Held => _journal.Snapshot().Addresses.Keys;

    private IpAddress Free => Block.Last;

    private async Task ShouldFindAsync(CheckKind kind, Func<JournalState, JournalState> damage)
    {
        await using var member = Start(new MemoryJournal(damage(_journal.Snapshot())));
        var report = await member.Door.CheckAsync(Cancellation);
        report.Problems.Select(problem => problem.Kind).ShouldContain(kind, string.Join('\n', report.Problems));
    }

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, string> Attributes(string key, string value) => Metadata.EmptyMap.Add(key, value);

    private static Member Start(MemoryJournal journal) => Member.Start(new(journal, journal, TimeProvider.System, new Counting()), new() { Name = "alone" });
}

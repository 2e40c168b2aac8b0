using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.EngineSpecs.Cluster;
using ActorIpam.Engine;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Runtime.Membership;
using Shouldly;
using static ActorIpam.EngineSpecs.World;

namespace ActorIpam.EngineSpecs;

/// <summary>
/// A member reads what a database shows that was restarted in place, and a standby takes over without it before the member has answered: no answer may rest on what was only seen.
/// </summary>
public sealed class TakeoverSpecs
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_release_that_was_only_seen_is_not_taken_for_done()
    {
        var (journal, other, member, store) = await StartAsync();
        Must(await other.Door.AssignAsync(new() { Host = "node-a", Handle = "web", Ipv4 = 1 }, Cancellation));
        store.Takes = journal.Snapshot();
        Must(await other.Door.ReleaseHandleAsync(new() { Handle = "web" }, Cancellation));

        Must(await member.Door.ReleaseHandleAsync(new() { Handle = "web" }, Cancellation)).Released.Length.ShouldBe(1, "the standby had the address still");

        store.Takes.ShouldBeNull("the standby took over while the member answered");
        journal.Snapshot().Addresses.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_named_release_that_was_only_seen_is_done_again()
    {
        var (journal, other, member, store) = await StartAsync();
        var ip = Must(await other.Door.AssignAsync(new() { Host = "node-a", Handle = "web", Ipv4 = 1 }, Cancellation)).Ipv4[0].Address;
        store.Takes = journal.Snapshot();
        Must(await other.Door.ReleaseAsync(new() { Addresses = [new(ip, "web", null)], RequestId = "once" }, Cancellation));

        Must(await member.Door.ReleaseAsync(new() { Addresses = [new(ip, "web", null)], RequestId = "once" }, Cancellation)).Released.ShouldBe([ip]);

        store.Takes.ShouldBeNull("the standby took over while the member answered");
        journal.Snapshot().Addresses.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_address_is_not_called_free_because_it_was_seen_to_be()
    {
        var (journal, other, member, store) = await StartAsync();
        var ip = Must(await other.Door.AssignAsync(new() { Host = "node-a", Handle = "web", Ipv4 = 1 }, Cancellation)).Ipv4[0].Address;
        store.Takes = journal.Snapshot();
        Must(await other.Door.ReleaseHandleAsync(new() { Handle = "web" }, Cancellation));

        var answer = Must(await member.Door.ReleaseAsync(new() { Addresses = [new(ip, "web", null)] }, Cancellation));

        (answer.Released.Length, answer.Unallocated.Length).ShouldBe((1, 0));
        journal.Snapshot().Addresses.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nor_does_a_member_that_has_others_send_it_along_as_free(bool besideOneThatIsHeld)
    {
        var (journal, other, member, store) = await StartAsync(hasOthers: true);
        var gone = Must(await other.Door.AssignAsync(new() { Host = "node-a", Handle = "gone", Ipv4 = 1 }, Cancellation)).Ipv4[0].Address;
        var held = Must(await other.Door.AssignAsync(new() { Host = "node-a", Handle = "held", Ipv4 = 1 }, Cancellation)).Ipv4[0].Address;
        store.Takes = journal.Snapshot();
        Must(await other.Door.ReleaseHandleAsync(new() { Handle = "gone" }, Cancellation));

        string[] asked = besideOneThatIsHeld ? [held, gone] : [gone];
        var answer = Must(await member.Door.ReleaseAsync(new() { Addresses = [.. asked.Select(static ip => new ReleaseEntry(ip, null, null))] }, Cancellation));

        store.Takes.ShouldBeNull("the standby took over while the member answered");
        (answer.Released.Length, answer.Unallocated.Length).ShouldBe((asked.Length, 0));
    }

    [Fact]
    public async Task Nobody_is_told_that_there_is_no_room_because_it_was_seen_to_be_taken()
    {
        var (journal, other, member, store) = await StartAsync();
        Must(await other.Door.UpdateAsync(Pool("web", "10.0.0.0/24", 30) with { Spec = new() { Cidr = "10.0.0.0/24", BlockSize = 30, Disabled = true } }, dryRun: false, Cancellation));
        Must(await other.Door.CreateAsync(Pool("tiny", "10.1.0.0/30", 30), dryRun: false, Cancellation));
        Must(await other.Door.CreateAsync(Node("node-b"), dryRun: false, Cancellation));
        Must(await other.Door.AssignAsync(new() { Host = "node-b", Handle = "first", Ipv4 = 3 }, Cancellation));
        store.Takes = journal.Snapshot();
        Must(await other.Door.AssignAsync(new() { Host = "node-b", Handle = "last", Ipv4 = 1 }, Cancellation)).Ipv4.Length.ShouldBe(1);

        Must(await member.Door.AssignAsync(new() { Host = "node-a", Handle = "late", Ipv4 = 1 }, Cancellation)).Ipv4.Length.ShouldBe(1, "the standby had room still");

        store.Takes.ShouldBeNull("the standby took over while the member answered");
    }

    [Fact]
    public async Task Garbage_that_was_only_seen_to_be_gone_is_collected()
    {
        var (journal, other, member, store) = await StartAsync();
        var issued = DateTimeOffset.UtcNow;
        Must(await other.Door.AssignAsync(new() { Host = "node-a", Handle = "net/web", Ipv4 = 1, IssuedAt = issued }, Cancellation));
        store.Takes = journal.Snapshot();
        Must(await other.Door.ReleaseHandleAsync(new() { Handle = "net/web" }, Cancellation));

        Must(await member.Door.CollectGarbageAsync(new() { Host = "node-a", Network = "net", Keep = [], IssuedAt = issued.AddSeconds(1) }, Cancellation)).Released.Length.ShouldBe(1);

        store.Takes.ShouldBeNull("the standby took over while the member answered");
        journal.Snapshot().Addresses.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_grant_that_was_only_seen_is_not_repeated()
    {
        var (journal, other, member, store) = await StartAsync();
        var before = journal.Snapshot();
        Must(await other.Door.AssignAsync(new() { Host = "node-a", Handle = "web", Ipv4 = 1, MaxPerHandle = 1, RequestId = "one" }, Cancellation));
        store.Takes = before;

        // The handle is full, so that the request is looked up before anything is planned.
        Task<Answer<AssignAnswer>> AskAsync() => member.Door.AssignAsync(new() { Host = "node-a", Handle = "web", Ipv4 = 1, MaxPerHandle = 1, RequestId = "one" }, Cancellation);
        await Should.ThrowAsync<UnavailableException>(AskAsync, "what was seen is gone: ask again");
        store.Takes.ShouldBeNull("the standby took over while the member answered");

        var told = Must(await AskAsync()).Ipv4.ShouldHaveSingleItem();
        journal.Snapshot().Addresses.Values.ShouldHaveSingleItem().Ip.ToString().ShouldBe(told.Address);
    }

    [Fact]
    public async Task A_pool_that_was_only_seen_to_be_disabled_is_disabled_again()
    {
        var (journal, other, member, store) = await StartAsync();
        var pool = Pool("web", "10.0.0.0/24", 30);
        var disabled = pool with { Spec = pool.Spec with { Disabled = true } };
        store.Takes = journal.Snapshot();
        Must(await other.Door.UpdateAsync(disabled, dryRun: false, Cancellation));

        Must(await member.Door.UpdateAsync(disabled, dryRun: false, Cancellation));

        store.Takes.ShouldBeNull("the standby took over while the member answered");
        (await member.Door.AssignAsync(new() { Host = "node-a", Handle = "late", Ipv4 = 1 }, Cancellation)).IsRefused.ShouldBeTrue("the pool was answered to be disabled (INV-10)");
    }

    [Fact]
    public async Task A_pool_that_was_only_seen_to_be_gone_is_deleted()
    {
        var (journal, other, member, store) = await StartAsync();
        store.Takes = journal.Snapshot();
        Must(await other.Door.DeleteAsync(ResourceKind.IPPool, "web", resourceVersion: null, dryRun: false, Cancellation));

        Must(await member.Door.DeleteAsync(ResourceKind.IPPool, "web", resourceVersion: null, dryRun: false, Cancellation));

        journal.Snapshot().Resources.Values.ShouldNotContain(row => row.Kind == "IPPool");
    }

    private static async Task<(MemoryJournal Journal, Member Other, Member Member, Standby Store)> StartAsync(bool hasOthers = false)
    {
        var journal = new MemoryJournal();
        var chance = new Counting();
        var other = Member.Start(new(journal, journal, TimeProvider.System, chance), new() { Name = "other" });
        foreach (var resource in (Resource[])[Node("node-a"), Pool("web", "10.0.0.0/24", 30)])
        {
            Must(await other.Door.CreateAsync(resource, dryRun: false, Cancellation));
        }

        var store = new Standby(journal);
        var ports = new MemberPorts(store, journal, TimeProvider.System, chance) { Cluster = hasOthers ? await BesideASilentOneAsync() : null };
        return (journal, other, Member.Start(ports, new() { Name = "member" }), store);
    }

    private static async Task<ClusterPorts> BesideASilentOneAsync()
    {
        var table = new MemoryMemberTable(TimeProvider.System, () => Head.None);
        await new Presence(table, TimeProvider.System, new() { Name = "silent", Address = "http://silent" }).JoinAsync(Cancellation);
        var presence = new Presence(table, TimeProvider.System, new() { Name = "member", Address = "http://member" });
        await presence.JoinAsync(Cancellation);
        return new(presence, new Wire(new Dictionary<string, Member>()) { Fate = Fate.Lost });
    }

    /// <summary>Takes over when the member commits for the first time, just before that commit is judged.</summary>
    private sealed class Standby(MemoryJournal journal) : IJournal
    {
        /// <summary>What the standby has; null once it has taken over.</summary>
        public JournalState? Takes { get; set; }

        public ValueTask<ImmutableArray<Outcome>> AppendAsync(ImmutableArray<Unit> batch)
        {
            if (Takes is { } state)
            {
                Takes = null;
                journal.Restore(state);
            }

            return journal.AppendAsync(batch);
        }

        public ValueTask<StreamTail> ReadAsync(StreamId stream, Head after, CancellationToken cancellation) => journal.ReadAsync(stream, after, cancellation);

        public ValueTask<StreamTail> LoadAsync(StreamId stream, long below, CancellationToken cancellation) => journal.LoadAsync(stream, below, cancellation);

        public ValueTask<ImmutableArray<Head>> HeadsAsync(ImmutableArray<StreamId> streams, CancellationToken cancellation) => journal.HeadsAsync(streams, cancellation);
    }
}

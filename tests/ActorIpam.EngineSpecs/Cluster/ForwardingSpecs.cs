using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine;
using ActorIpam.Engine.Forwarding;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Runtime.Membership;
using ActorIpam.Runtime.Placement;
using Shouldly;

namespace ActorIpam.EngineSpecs.Cluster;

/// <summary>The interleavings of docs/decisions/0010, played one by one: member A is asked, member B owns the host.</summary>
public sealed class ForwardingSpecs : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A host whose owner is B.</summary>
    private static readonly string Host = Enumerable.Range(0, 100).Select(at => $"node-{at}").First(host => Rendezvous.OwnerOf($"host:{host}", ["a", "b"]) == "b");

    private readonly TableClock _clock = new();
    private readonly MemoryJournal _journal = new();
    private readonly Dictionary<string, Member> _members = [];
    private readonly Dictionary<string, Presence> _presences = [];
    private readonly Wire _wire;

    public ForwardingSpecs() => _wire = new(_members);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Member A => _members["a"];

    public async ValueTask InitializeAsync()
    {
        var table = new MemoryMemberTable(TimeProvider.System, () => Head.None);
        var chance = new Counting();
        foreach (var name in new[] { "a", "b" })
        {
            _presences[name] = new(table, TimeProvider.System, new() { Name = name, Address = $"http://{name}", Beat = TimeSpan.FromSeconds(30) });
            await _presences[name].JoinAsync(Cancellation);
        }

        foreach (var (name, presence) in _presences)
        {
            await presence.BeatAsync(Cancellation);
            var ports = new MemberPorts(_journal, _journal, _clock, chance) { Cluster = new(presence, _wire) };
            _members[name] = Member.Start(ports, new() { Name = name, Forwarding = new() { Patience = TimeSpan.FromSeconds(3) } });
        }

        await A.Door.CreateAsync(new Node(new(Host), new()), dryRun: false, Cancellation);
        await A.Door.CreateAsync(new IpPool(new("web"), new() { Cidr = "10.0.0.0/30", BlockSize = 30 }), dryRun: false, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members.Values)
        {
            await member.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_another_member_owns_is_served_there()
    {
        (await AssignAsync("web-1")).ShouldNotBeEmpty();
        _wire.Asked.ShouldBe(["assign → b"]);
        (await _journal.ReadAsync(new("block/10.0.0.0/30"), Head.None, Cancellation)).Rows.ShouldAllBe(row => row.Member == "b");
    }

    [Fact]
    public async Task A_refusal_of_the_owner_is_passed_on()
    {
        var answer = await A.Door.AssignAsync(Request("web-1") with { Ipv4Pools = ["nowhere"] }, Cancellation);
        answer.Refusals.ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.PoolNotFoundOrDisabled);
        _wire.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_member_that_does_not_answer_is_left_in_peace_and_its_work_done_here()
    {
        _wire.Fate = Fate.Lost;
        (await AssignAsync("web-1")).ShouldNotBeEmpty();
        (await AssignAsync("web-2")).ShouldNotBeEmpty();
        _wire.Asked.ShouldBe(["assign → b"]);
    }

    [Fact]
    public async Task A_member_that_never_answers_is_waited_for_a_bounded_time()
    {
        _wire.Fate = Fate.Swallowed;
        (await AssignAsync("web-1")).ShouldNotBeEmpty();
        (await AssignAsync("web-2")).ShouldNotBeEmpty();
        _wire.Asked.ShouldBe(["assign → b"]);
    }

    [Fact]
    public async Task When_a_suspicion_is_over_one_request_goes_to_see_and_the_others_do_not_wait_for_it()
    {
        _wire.Fate = Fate.Lost;
        await AssignAsync("web-1");
        _clock.Ahead = TimeSpan.FromSeconds(7);
        _wire.Asked.Clear();
        _wire.Fate = Fate.Swallowed;
        var sees = AssignAsync("web-2");
        (await AssignAsync("web-3")).ShouldNotBeEmpty();
        sees.IsCompleted.ShouldBeFalse();
        (await sees).ShouldNotBeEmpty();
        _wire.Asked.ShouldBe(["assign → b"]);
        _clock.Ahead = TimeSpan.FromSeconds(14);
        _wire.Fate = Fate.Delivered;
        await AssignAsync("web-4");
        A.Suspects(_presences["a"].Seen.Rows.Single(row => row.Name == "b")).ShouldBeFalse();
        _wire.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_answer_that_was_lost_is_given_again_and_nothing_is_granted_twice()
    {
        // INV-13, INV-3.
        _wire.Fate = Fate.Unanswered;
        var given = await AssignAsync("web-1");
        (await HeldAsync("web-1")).ShouldBe(given);
    }

    [Fact]
    public async Task A_message_that_comes_twice_is_done_once()
    {
        _wire.Fate = Fate.Twice;
        var given = await AssignAsync("web-1");
        (await HeldAsync("web-1")).ShouldBe(given);
    }

    [Fact]
    public async Task A_copy_that_is_decided_late_grants_nothing_more()
    {
        _wire.Fate = Fate.Late;
        var given = await AssignAsync("web-1");
        await _wire.DeliverLateAsync();
        (await HeldAsync("web-1")).ShouldBe(given);
    }

    [Fact]
    public async Task A_copy_that_is_decided_after_its_grant_was_released_grants_nothing()
    {
        _wire.Fate = Fate.Late;
        var given = await AssignAsync("web-1");
        await A.Door.ReleaseAsync(new() { Addresses = [new(given.Single())] }, Cancellation);
        await _wire.DeliverLateAsync();
        (await HeldAsync("web-1")).ShouldBeEmpty();
    }

    [Fact]
    public async Task After_silence_a_no_is_not_said_because_the_copy_may_still_be_granted()
    {
        // INV-3: who is refused may forget; who is told "unavailable" asks again.
        _wire.Fate = Fate.Lost;
        await FillAsync();
        await ForgiveAsync();
        _wire.Fate = Fate.Late;
        await Should.ThrowAsync<UnavailableException>(() => A.Door.AssignAsync(Request("late") with { RequestId = "r", AllOrNothing = true }, Cancellation));
        await A.Door.ReleaseHandleAsync(new() { Handle = "full" }, Cancellation);
        await _wire.DeliverLateAsync();
        var again = await A.Door.AssignAsync(Request("late") with { RequestId = "r", AllOrNothing = true }, Cancellation);
        again.Value.Ipv4.Select(address => address.Address).ShouldBe(await HeldAsync("late"));
    }

    [Fact]
    public async Task Who_asks_again_after_silence_gets_his_no()
    {
        _wire.Fate = Fate.Lost;
        await FillAsync();
        await ForgiveAsync();
        await Should.ThrowAsync<UnavailableException>(() => A.Door.AssignAsync(Request("late") with { AllOrNothing = true }, Cancellation));
        (await A.Door.AssignAsync(Request("late") with { AllOrNothing = true }, Cancellation)).IsRefused.ShouldBeTrue();
    }

    [Fact]
    public async Task A_late_release_frees_nothing_that_was_assigned_later()
    {
        // INV-2: the release names the generation that the first door saw.
        var ip = (await AssignAsync("web-1")).Single();
        _wire.Fate = Fate.Late;
        (await A.Door.ReleaseAsync(new() { Addresses = [new(ip)] }, Cancellation)).Value.Released.ShouldBe([ip]);
        _wire.Fate = Fate.Delivered;
        (await A.Door.AssignIpAsync(new() { Host = Host, Handle = "web-2", Ip = ip }, Cancellation)).IsRefused.ShouldBeFalse();
        await _wire.DeliverLateAsync();
        (await HeldAsync("web-2")).ShouldBe([ip]);
    }

    [Fact]
    public async Task A_late_final_release_leaves_what_was_issued_later()
    {
        await AssignAsync("web-1", Noon);
        _wire.Fate = Fate.Late;
        await A.Door.ReleaseHandleAsync(new() { Handle = "web-1", Final = true, IssuedAt = Noon.AddSeconds(1) }, Cancellation);
        (await HeldAsync("web-1")).ShouldBeEmpty();
        var later = await AssignAsync("web-1", Noon.AddSeconds(2));
        await _wire.DeliverLateAsync();
        (await HeldAsync("web-1")).ShouldBe(later);
    }

    [Fact]
    public async Task A_release_of_a_handle_without_a_time_stays_here()
    {
        await AssignAsync("web-1");
        _wire.Asked.Clear();
        (await A.Door.ReleaseHandleAsync(new() { Handle = "web-1" }, Cancellation)).Value.Released.ShouldHaveSingleItem();
        _wire.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Releases_of_a_caller_bound_to_the_host_are_served_by_its_owner_too()
    {
        var ip = (await AssignAsync("web-1")).Single();
        await AssignAsync("web-2", Noon);
        _wire.Asked.Clear();
        (await A.Door.ReleaseAsync(new() { Addresses = [new(ip)] }, Host, Cancellation)).Value.Released.ShouldBe([ip]);
        (await A.Door.ReleaseHandleAsync(new() { Handle = "web-2", Final = true, IssuedAt = Noon.AddSeconds(1) }, Host, Cancellation)).Value.Released.ShouldHaveSingleItem();
        _wire.Asked.ShouldBe(["release → b", "release-handle → b"]);
    }

    [Fact]
    public async Task Releases_of_a_caller_bound_to_another_host_are_refused_where_they_arrive()
    {
        var ip = (await AssignAsync("web-1", Noon)).Single();
        _wire.Asked.Clear();
        (await A.Door.ReleaseAsync(new() { Addresses = [new(ip)] }, "elsewhere", Cancellation)).Refusals.ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.OtherHost);
        (await A.Door.ReleaseHandleAsync(new() { Handle = "web-1", Final = true, IssuedAt = Noon.AddSeconds(1) }, "elsewhere", Cancellation)).Refusals.ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.OtherHost);
        _wire.Asked.ShouldBeEmpty();
        (await HeldAsync("web-1")).ShouldBe([ip]);
    }

    [Fact]
    public async Task A_late_release_of_a_caller_bound_to_the_host_frees_nothing_of_another()
    {
        // What was judged is what is sent: the generation, and for a handle the host.
        var ip = (await AssignAsync("web-1", Noon)).Single();
        _wire.Fate = Fate.Late;
        await A.Door.ReleaseAsync(new() { Addresses = [new(ip)] }, Host, Cancellation);
        await ForgiveAsync();
        await A.Door.ReleaseHandleAsync(new() { Handle = "web-1", Host = Host, Final = true, IssuedAt = Noon.AddSeconds(1) }, Host, Cancellation);
        _wire.Fate = Fate.Delivered;
        await A.Door.CreateAsync(new Node(new("elsewhere"), new()), dryRun: false, Cancellation);
        (await A.Door.AssignIpAsync(new() { Host = "elsewhere", Handle = "web-9", Ip = ip }, Cancellation)).IsRefused.ShouldBeFalse();
        await _wire.DeliverLateAsync();
        (await HeldAsync("web-9")).ShouldBe([ip]);
    }

    [Fact]
    public async Task A_request_without_time_left_is_not_begun() =>
        await Should.ThrowAsync<UnavailableException>(() => _members["b"].Forwarded.ServeAsync(ForwardedCalls.Assign, Request("web-1"), TimeSpan.Zero, Cancellation));

    [Fact]
    public async Task What_arrives_from_a_member_is_served_there_even_if_it_belongs_elsewhere()
    {
        // One hop: A owns nothing of this host and serves it all the same.
        await A.Forwarded.ServeAsync(ForwardedCalls.Assign, Request("web-1") with { RequestId = "r" }, TimeSpan.FromSeconds(1), Cancellation);
        _wire.Asked.ShouldBeEmpty();
        (await HeldAsync("web-1")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_draining_member_is_asked_for_nothing_and_asks_others()
    {
        await _presences["b"].DrainAsync(Cancellation);
        await _presences["a"].BeatAsync(Cancellation);
        (await AssignAsync("web-1")).ShouldNotBeEmpty();
        _wire.Asked.ShouldBeEmpty();
        (await _members["b"].Door.AssignAsync(Request("web-2"), Cancellation)).IsRefused.ShouldBeFalse();
        _wire.Asked.ShouldBe(["assign → a"]);
    }

    [Fact]
    public async Task A_member_that_left_while_it_was_asked_is_no_reason_to_say_no()
    {
        await _presences["b"].DrainAsync(Cancellation);
        await _members["b"].DisposeAsync();
        (await AssignAsync("web-1")).ShouldNotBeEmpty();
        _wire.Asked.ShouldBe(["assign → b"]);
        _members.Remove("b");
    }

    private static AssignRequest Request(string handle, DateTimeOffset? issued = null) => new() { Host = Host, Handle = handle, Ipv4 = 1, IssuedAt = issued };

    private async Task<string[]> AssignAsync(string handle, DateTimeOffset? issued = null) =>
        [.. (await A.Door.AssignAsync(Request(handle, issued), Cancellation)).Value.Ipv4.Select(address => address.Address)];

    private Task<Answer<AssignAnswer>> FillAsync() => A.Door.AssignAsync(Request("full") with { Ipv4 = 4 }, Cancellation);

    /// <summary>B was started again, so nobody suspects it any more.</summary>
    private async Task ForgiveAsync()
    {
        await _presences["b"].JoinAsync(Cancellation);
        await _presences["a"].BeatAsync(Cancellation);
    }

    private async Task<string[]> HeldAsync(string handle) => [.. (await _journal.AddressesOfHandleAsync(handle, Cancellation)).Select(row => row.Ip.ToString())];
}

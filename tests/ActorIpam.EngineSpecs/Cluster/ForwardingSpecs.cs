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
public sealed class ForwardingSpecs : TwoMembers
{
    [Fact]
    public async Task What_another_member_owns_is_served_there()
    {
        (await AssignAsync("web-1")).ShouldNotBeEmpty();
        Wire.Asked.ShouldBe(["assign → b"]);
        (await Journal.ReadAsync(new("block/10.0.0.0/30"), Head.None, Cancellation)).Rows.ShouldAllBe(row => row.Member == "b");
    }

    [Fact]
    public async Task A_refusal_of_the_owner_is_passed_on()
    {
        var answer = await A.Door.AssignAsync(Request("web-1") with { Ipv4Pools = ["nowhere"] }, Cancellation);
        answer.Refusals.ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.PoolNotFoundOrDisabled);
        Wire.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_member_that_does_not_answer_is_left_in_peace_and_its_work_done_here()
    {
        Wire.Fate = Fate.Lost;
        (await AssignAsync("web-1")).ShouldNotBeEmpty();
        (await AssignAsync("web-2")).ShouldNotBeEmpty();
        Wire.Asked.ShouldBe(["assign → b"]);
    }

    [Fact]
    public async Task A_member_that_never_answers_is_waited_for_a_bounded_time()
    {
        Wire.Fate = Fate.Swallowed;
        (await AssignAsync("web-1")).ShouldNotBeEmpty();
        (await AssignAsync("web-2")).ShouldNotBeEmpty();
        Wire.Asked.ShouldBe(["assign → b"]);
    }

    [Fact]
    public async Task When_a_suspicion_is_over_one_request_goes_to_see_and_the_others_do_not_wait_for_it()
    {
        Wire.Fate = Fate.Lost;
        await AssignAsync("web-1");
        Clock.Ahead = TimeSpan.FromSeconds(7);
        Wire.Asked.Clear();
        Wire.Fate = Fate.Swallowed;
        var sees = AssignAsync("web-2");
        (await AssignAsync("web-3")).ShouldNotBeEmpty();
        sees.IsCompleted.ShouldBeFalse();
        (await sees).ShouldNotBeEmpty();
        Wire.Asked.ShouldBe(["assign → b"]);
        Clock.Ahead = TimeSpan.FromSeconds(14);
        Wire.Fate = Fate.Delivered;
        await AssignAsync("web-4");
        A.Suspects(Presences["a"].Seen.Rows.Single(row => row.Name == "b")).ShouldBeFalse();
        Wire.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_answer_that_was_lost_is_given_again_and_nothing_is_granted_twice()
    {
        // INV-13, INV-3.
        Wire.Fate = Fate.Unanswered;
        var given = await AssignAsync("web-1");
        (await HeldAsync("web-1")).ShouldBe(given);
    }

    [Fact]
    public async Task A_message_that_comes_twice_is_done_once()
    {
        Wire.Fate = Fate.Twice;
        var given = await AssignAsync("web-1");
        (await HeldAsync("web-1")).ShouldBe(given);
    }

    [Fact]
    public async Task A_copy_that_is_decided_late_grants_nothing_more()
    {
        Wire.Fate = Fate.Late;
        var given = await AssignAsync("web-1");
        await Wire.DeliverLateAsync();
        (await HeldAsync("web-1")).ShouldBe(given);
    }

    [Fact]
    public async Task A_copy_that_is_decided_after_its_grant_was_released_grants_nothing()
    {
        Wire.Fate = Fate.Late;
        var given = await AssignAsync("web-1");
        await A.Door.ReleaseAsync(new() { Addresses = [new(given.Single())] }, Cancellation);
        await Wire.DeliverLateAsync();
        (await HeldAsync("web-1")).ShouldBeEmpty();
    }

    [Fact]
    public async Task After_silence_a_no_is_not_said_because_the_copy_may_still_be_granted()
    {
        // INV-3: who is refused may forget; who is told "unavailable" asks again.
        Wire.Fate = Fate.Lost;
        await FillAsync();
        await ForgiveAsync();
        Wire.Fate = Fate.Late;
        await Should.ThrowAsync<UnavailableException>(() => A.Door.AssignAsync(Request("late") with { RequestId = "r", AllOrNothing = true }, Cancellation));
        await A.Door.ReleaseHandleAsync(new() { Handle = "full" }, Cancellation);
        await Wire.DeliverLateAsync();
        var again = await A.Door.AssignAsync(Request("late") with { RequestId = "r", AllOrNothing = true }, Cancellation);
        again.Value.Ipv4.Select(address => address.Address).ShouldBe(await HeldAsync("late"));
    }

    [Fact]
    public async Task Who_asks_again_after_silence_gets_his_no()
    {
        Wire.Fate = Fate.Lost;
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
        Wire.Fate = Fate.Late;
        (await A.Door.ReleaseAsync(new() { Addresses = [new(ip)] }, Cancellation)).Value.Released.ShouldBe([ip]);
        Wire.Fate = Fate.Delivered;
        (await A.Door.AssignIpAsync(new() { Host = Host, Handle = "web-2", Ip = ip }, Cancellation)).IsRefused.ShouldBeFalse();
        await Wire.DeliverLateAsync();
        (await HeldAsync("web-2")).ShouldBe([ip]);
    }

    [Fact]
    public async Task A_late_final_release_leaves_what_was_issued_later()
    {
        await AssignAsync("web-1", Noon);
        Wire.Fate = Fate.Late;
        await A.Door.ReleaseHandleAsync(new() { Handle = "web-1", Final = true, IssuedAt = Noon.AddSeconds(1) }, Cancellation);
        (await HeldAsync("web-1")).ShouldBeEmpty();
        var later = await AssignAsync("web-1", Noon.AddSeconds(2));
        await Wire.DeliverLateAsync();
        (await HeldAsync("web-1")).ShouldBe(later);
    }

    [Fact]
    public async Task A_release_of_a_handle_without_a_time_stays_here()
    {
        await AssignAsync("web-1");
        Wire.Asked.Clear();
        (await A.Door.ReleaseHandleAsync(new() { Handle = "web-1" }, Cancellation)).Value.Released.ShouldHaveSingleItem();
        Wire.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_request_without_time_left_is_not_begun() =>
        await Should.ThrowAsync<UnavailableException>(() => Members["b"].Forwarded.ServeAsync(ForwardedCalls.Assign, Request("web-1"), TimeSpan.Zero, MembershipOptions.ProtocolNumber, Cancellation));

    [Fact]
    public async Task What_a_member_two_numbers_away_asks_is_not_done()
    {
        const int Stranger = MembershipOptions.ProtocolNumber + 2;
        await Should.ThrowAsync<UnavailableException>(() => Members["b"].Forwarded.ServeAsync(ForwardedCalls.Assign, Request("web-1"), TimeSpan.FromSeconds(1), Stranger, Cancellation));
        (await HeldAsync("web-1")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_arrives_from_a_member_is_served_there_even_if_it_belongs_elsewhere()
    {
        // One hop: A owns nothing of this host and serves it all the same.
        await A.Forwarded.ServeAsync(ForwardedCalls.Assign, Request("web-1") with { RequestId = "r" }, TimeSpan.FromSeconds(1), MembershipOptions.ProtocolNumber, Cancellation);
        Wire.Asked.ShouldBeEmpty();
        (await HeldAsync("web-1")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_draining_member_is_asked_for_nothing_and_asks_others()
    {
        await Presences["b"].DrainAsync(Cancellation);
        await Presences["a"].BeatAsync(Cancellation);
        (await AssignAsync("web-1")).ShouldNotBeEmpty();
        Wire.Asked.ShouldBeEmpty();
        (await Members["b"].Door.AssignAsync(Request("web-2"), Cancellation)).IsRefused.ShouldBeFalse();
        Wire.Asked.ShouldBe(["assign → a"]);
    }

    [Fact]
    public async Task A_member_that_left_while_it_was_asked_is_no_reason_to_say_no()
    {
        await Presences["b"].DrainAsync(Cancellation);
        await Members["b"].DisposeAsync();
        (await AssignAsync("web-1")).ShouldNotBeEmpty();
        Wire.Asked.ShouldBe(["assign → b"]);
        Members.Remove("b");
    }
}

using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Laws;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>What a request that was granted may be told from then on, what may be held without anybody's knowledge, and what must be remembered meanwhile.</summary>
public sealed class GrantLawSpecs
{
    private const string Web = "net/web", Ip = "10.0.0.0";

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly WorldPlan Sweeping = new() { Members = 1, Hosts = ["h1"], Pools = [], PodsPerHost = 1, Rounds = 1, Sweeps = new(TimeSpan.FromSeconds(1), TimeSpan.Zero, TimeSpan.FromMinutes(1), 500) };

    [Theory]
    [InlineData(RefusalCode.RequestFinished, 30, true)]
    [InlineData(RefusalCode.BlockLimit, 30, true)]
    [InlineData(RefusalCode.HandleClosed, 30, true)]
    [InlineData(RefusalCode.Exhausted, 12, false)]
    public void A_no_behind_the_grant_breaks_INV_13(RefusalCode code, long asked, bool broken)
    {
        var past = new Past();
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Asked(No(code, asked, 40));
        GrantedOnce.Judge(past.History).Any(violation => violation.Law == "INV-13").ShouldBe(broken);
    }

    [Fact]
    public void No_addresses_and_no_refusal_are_a_no()
    {
        var past = new Past();
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Asked(No(null, 30, 40));
        GrantedOnce.Judge(past.History).Single().Law.ShouldBe("INV-13");
    }

    [Fact]
    public void A_no_behind_the_release_of_what_was_granted_is_lawful()
    {
        var past = new Past();
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Free(35, Ip, 1);
        past.Asked(No(RefusalCode.RequestFinished, 30, 40));
        GrantedOnce.Judge(past.History).ShouldBeEmpty();
    }

    [Fact]
    public void A_handle_that_was_finally_released_is_closed_though_an_address_of_it_is_held()
    {
        var past = new Past();
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15, issued: Noon);
        past.Commit(25, new Unit(default) { At = Noon, Member = "m1", Guards = [new IpamGuard.HandleClose(Web, Noon)] });
        past.Asked(No(RefusalCode.HandleClosed, 30, 40, Noon));
        GrantedOnce.Judge(past.History).ShouldBeEmpty();
    }

    /// <summary>A refusal excuses the grant of a twin that was still under way, and no other.</summary>
    [Theory]
    [InlineData(12, false)]
    [InlineData(30, true)]
    public void What_is_held_though_who_asked_behind_it_was_told_no_breaks_INV_3(long asked, bool broken)
    {
        var past = new Past();
        past.Commit(15, new Unit(default)
        {
            At = Noon,
            Member = "m1",
            Guards = [new IpamGuard.NewRequest("a", "", null, Web, [new(IpAddress.Parse(Ip), 1)])],
        });
        past.Hold(15, Web, Ip, 1);
        past.Asked(new Exchange.Assigning("m1", 10, Request(null)));
        past.Asked(No(RefusalCode.BlockLimit, asked, 40));
        NothingLeaks.Judge(past.History).Any(violation => violation.Law == "INV-3").ShouldBe(broken);
    }

    /// <summary>It was asked before the store went back. When it was answered, a copy of it may be granted behind that, and nobody waits for it.</summary>
    [Theory]
    [InlineData(Exchange.Never, true)]
    [InlineData(12, false)]
    public void A_copy_from_before_the_store_went_back_is_excused_only_if_its_sender_has_an_answer(long answered, bool broken)
    {
        var past = new Past();
        past.Granted(30, "a", Web, Ip, 1, null);
        var history = past.History with { Since = 20, Earlier = [new Exchange.Assigning("m1", 10, Request(null)) { Answered = answered, Answer = new Refusal(RefusalCode.Exhausted, "") }] };
        NothingLeaks.Judge(history).Any(violation => violation.Law == "INV-3").ShouldBe(broken);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_final_release_that_is_forgotten_while_what_it_should_have_ended_is_held_breaks_INV_4(int issued, bool broken)
    {
        var past = new Past();
        past.Commit(10, new Unit(default) { At = Noon, Member = "m1", Guards = [new IpamGuard.HandleClose(Web, Noon)] });
        past.Hold(20, Web, Ip, 1, Noon.AddSeconds(issued));
        past.Commit(30, new Unit(default) { At = Noon.AddHours(1), Member = "m1", Views = [new IpamViewChange.CloseForgotten(Web, Noon)] });
        MemoryIsKept.Judge(past.History, Sweeping).Any(violation => violation.Law == "INV-4").ShouldBe(broken);
    }

    private static Exchange.Assigning No(RefusalCode? code, long asked, long answered, DateTimeOffset? issued = null) =>
        new("m2", asked, Request(issued)) { Answered = answered, Answer = code is { } why ? new Refusal(why, "") : new AssignAnswer() };

    private static AssignRequest Request(DateTimeOffset? issued) => new() { Host = "h1", Handle = Web, Ipv4 = 1, RequestId = "a", IssuedAt = issued };
}

using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Laws;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>Reasons of a "no" that did not hold at any instant, and beside each a history in which it did.</summary>
public sealed class RefusalLawSpecs
{
    private const string Web = "net/web", Ip = "10.0.0.0";

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_handle_that_is_closed_through_an_earlier_time_only_breaks_INV_15(int seconds, bool broken)
    {
        var past = new Past();
        past.Commit(10, new Unit(default) { At = Noon, Member = "m1", Guards = [new IpamGuard.HandleClose(Web, Noon.AddSeconds(seconds))] });
        past.Asked(Refused(RefusalCode.HandleClosed, new() { Host = "h1", Handle = Web, Ipv4 = 1, RequestId = "a", IssuedAt = Noon.AddSeconds(1) }));
        IsBroken(past).ShouldBe(broken);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_request_whose_grant_is_held_is_not_finished(bool released, bool broken)
    {
        var past = new Past();
        past.Granted(10, "a", Web, Ip, 1, null);
        if (released)
        {
            past.Free(35, Ip, 1);
        }

        past.Asked(Refused(RefusalCode.RequestFinished, new() { Host = "h1", Handle = Web, Ipv4 = 1, RequestId = "a" }));
        IsBroken(past).ShouldBe(broken);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(2, false)]
    public void A_cap_that_was_not_reached_breaks_INV_15(int cap, bool broken)
    {
        var past = new Past();
        past.Hold(10, Web, Ip, 1);
        past.Asked(Refused(RefusalCode.HandleLimit, new() { Host = "h1", Handle = Web, Ipv4 = 2, RequestId = "a", MaxPerHandle = cap }));
        IsBroken(past).ShouldBe(broken);
    }

    [Theory]
    [InlineData(2, false, true)]
    [InlineData(1, false, false)]
    [InlineData(2, true, false)]
    public void A_limit_of_blocks_that_was_not_reached_breaks_INV_15(int limit, bool allOrNothing, bool broken)
    {
        var past = new Past();
        past.Commit(10, Stands("h1"));
        var request = new AssignRequest { Host = "h1", Handle = Web, Ipv4 = 1, RequestId = "a", MaxBlocks = limit, AllOrNothing = allOrNothing };
        past.Asked(Refused(RefusalCode.BlockLimit, request));
        IsBroken(past).ShouldBe(broken);
        past.Asked(Refused(RefusalCode.BlockLimit, request) with { Answer = new AssignAnswer { Refusal = new(RefusalCode.BlockLimit, "") } });
        RefusalsWereTrue.Judge(past.History).Count().ShouldBe(broken ? 2 : 0);
    }

    [Theory]
    [InlineData(RefusalCode.AffinityMismatch, "h2", true, false)]
    [InlineData(RefusalCode.AffinityMismatch, "h2", false, true)]
    [InlineData(RefusalCode.AffinityMismatch, "h1", true, true)]
    [InlineData(RefusalCode.BlockNoAffinity, null, true, false)]
    [InlineData(RefusalCode.BlockNoAffinity, "h2", true, true)]
    public void A_block_that_the_host_may_use_is_no_reason(RefusalCode code, string? owner, bool strict, bool broken)
    {
        var past = new Past();
        past.Commit(5, Past.Stored("IPAMConfiguration", "default", $$$"""{"metadata":{"name":"default"},"spec":{"strictAffinity":{{{(strict ? "true" : "false")}}}}}"""));
        past.Commit(10, Stands(owner));
        past.Asked(new Exchange.AssigningGiven("m1", 30, new() { Host = "h1", Handle = Web, Ip = Ip, RequestId = "a" }) { Answered = 40, Answer = new Refusal(code, "") });
        IsBroken(past).ShouldBe(broken);
    }

    private static Exchange.Assigning Refused(RefusalCode code, AssignRequest request) => new("m1", 30, request) { Answered = 40, Answer = new Refusal(code, "") };

    private static IpamViewChange.BlockStands Stands(string? owner) => new(new(Cidr.Parse("10.0.0.0/31"), "p", owner is null ? null : Owner.Host(owner), 1, 2, 2, 0, 0, 0, 0, Noon, null));

    private static bool IsBroken(Past past) => RefusalsWereTrue.Judge(past.History).Any(violation => violation.Law == "INV-15");
}

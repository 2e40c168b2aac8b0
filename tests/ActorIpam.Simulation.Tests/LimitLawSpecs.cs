using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Pools;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Laws;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>The laws of order, limits, reasons and plain answers, each on a history that it must refuse and one beside it that is lawful.</summary>
public sealed class LimitLawSpecs
{
    private const string Web = "net/web";

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly WorldPlan Plan = new() { Members = 1, Hosts = ["h1"], Pools = [], PodsPerHost = 1, Rounds = 1 };

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void An_address_given_before_one_that_was_free_for_longer_breaks_INV_11(int ordinal, bool broken)
    {
        var past = new Past();
        past.Append(10, new("block/10.0.0.0/31"), Head.None, BlockEventCodec.Instance.Write(
        [
            new BlockEvent.Opened("uid", Owner.Host("h1"), Noon, null),
            new BlockEvent.AddressAssigned(ordinal, 1, Web, Owner.Host("h1"), null, null, "own"),
        ]));
        ReuseIsInOrder.Judge(past.History).Any(violation => violation.Law == "INV-11").ShouldBe(broken);
    }

    [Fact]
    public void Cooldowns_that_end_in_descending_order_break_INV_11()
    {
        var past = new Past();
        past.Append(10, new("block/10.0.0.0/31"), Head.None, BlockEventCodec.Instance.Write(
            [new BlockEvent.Opened("uid", Owner.Host("h1"), Noon, null), new BlockEvent.CooldownEnded([1, 0])]));
        ReuseIsInOrder.Judge(past.History).Single().Law.ShouldBe("INV-11");
    }

    [Theory]
    [InlineData("demand", 1, true)]
    [InlineData("demand", 2, false)]
    [InlineData("asked", 1, false)]
    public void A_block_beyond_the_limit_of_its_owner_breaks_INV_12_unless_it_was_asked_for(string why, int limit, bool broken)
    {
        var past = new Past();
        past.Commit(5, Stands("10.0.0.0/31"), Stands("10.0.0.2/31"));
        past.AppendHolding(10, new("pool/uid"), PoolEventCodec.Instance.Write([new PoolEvent.BlockClaimed(Cidr.Parse("10.0.0.2/31"), Owner.Host("h1"), why)]), Web, "10.0.0.2");
        BlockLimitsHold.Judge(past.History, Plan with { MaxBlocks = limit }).Any().ShouldBe(broken);
    }

    [Theory]
    [InlineData("vxlan-tunnel-addr-h1", false)]
    [InlineData("web", true)]
    public void A_block_that_was_claimed_for_a_tunnel_address_is_not_limited(string handle, bool broken)
    {
        var past = new Past();
        past.Commit(5, Stands("10.0.0.0/31"), Stands("10.0.0.2/31"));
        past.AppendHolding(10, new("pool/uid"), PoolEventCodec.Instance.Write([new PoolEvent.BlockClaimed(Cidr.Parse("10.0.0.2/31"), Owner.Host("h1"), "demand")]), handle, "10.0.0.2");
        BlockLimitsHold.Judge(past.History, Plan with { MaxBlocks = 1 }).Any().ShouldBe(broken);
    }

    /// <summary>Two addresses are held by then, of which nobody was told the second.</summary>
    [Theory]
    [InlineData(1, "fd00::1", true)]
    [InlineData(2, "fd00::1", false)]
    [InlineData(1, "10.0.0.1", false)]
    public void An_address_beyond_the_cap_of_its_family_breaks_INV_12_whoever_heard_of_it(int cap, string first, bool broken)
    {
        var past = new Past();
        past.Hold(5, Web, first, 1);
        past.Granted(15, "a", Web, "fd00::2", 2, null);
        past.Asked(new Exchange.Assigning("m1", 10, new() { Host = "h1", Handle = Web, Ipv6 = 1, MaxPerHandle = cap, RequestId = "a" }));
        CapsHold.Judge(past.History).Any(violation => violation.Law == "INV-12").ShouldBe(broken);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void A_given_address_beyond_the_cap_breaks_INV_12(int cap, bool broken)
    {
        var past = new Past();
        past.Hold(5, Web, "10.0.0.1", 1);
        past.Given(10, 20, "a", Web, "10.0.0.0", 2, committed: 15, cap: cap);
        CapsHold.Judge(past.History).Any(violation => violation.Law == "INV-12").ShouldBe(broken);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void One_family_of_two_breaks_INV_12_when_all_or_nothing_was_asked_for(bool allOrNothing, bool broken)
    {
        var past = new Past();
        past.Asked(new Exchange.Assigning("m1", 10, new() { Host = "h1", Handle = Web, Ipv4 = 1, Ipv6 = 1, AllOrNothing = allOrNothing, RequestId = "a" }) { Answered = 20, Answer = Past.Granted(Web, "10.0.0.0", 1) });
        CapsHold.Judge(past.History).Any(violation => violation.Law == "INV-12").ShouldBe(broken);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_creates_alone_and_hears_that_it_exists_breaks_INV_13(bool alone)
    {
        var past = new Past();
        var kept = new IpReservation(new("kept"), ["10.0.0.0/32"]);
        past.Asked(new Exchange.Storing("m1", 10, kept) { Answered = 20, Answer = new Refusal(RefusalCode.AlreadyExists, "") });
        if (!alone)
        {
            past.Asked(new Exchange.Storing("m2", 5, kept));
        }

        OwnEffects.Judge(past.History).Any(violation => violation.Law == "INV-13").ShouldBe(alone);
    }

    [Theory]
    [InlineData(15, true)]
    [InlineData(25, false)]
    public void Who_is_told_that_the_storage_is_full_after_he_was_granted_breaks_INV_3(long committed, bool broken)
    {
        var past = new Past();
        past.Assigned(30, 40, "a", Web, "10.0.0.0", 1, committed);
        past.Asked(new Exchange.Assigning("m1", 10, new() { Host = "h1", Handle = Web, Ipv4 = 1, RequestId = "a" }) { Declined = 20 });
        DeclinedMeansNothing.Judge(past.History).Any(violation => violation.Law == "INV-3").ShouldBe(broken);
    }

    [Fact]
    public void A_pool_that_goes_while_a_block_of_it_has_an_owner_breaks_INV_5()
    {
        var past = new Past();
        past.Commit(5, Stands("10.0.0.0/31"));
        past.Commit(10, new IpamViewChange.ResourceGone("IPPool", "p"));
        OwnershipIsReasoned.Judge(past.History).Single().Law.ShouldBe("INV-5");
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void An_address_lent_under_strict_affinity_breaks_INV_10(string strict, bool broken)
    {
        var past = new Past();
        past.Commit(1, new IpamViewChange.ResourceStored(new("IPAMConfiguration", "default", "c", 1, $$$"""{"metadata":{"name":"default"},"spec":{"strictAffinity":{{{strict}}}}}""")));
        past.Commit(5, new IpamViewChange.BlockStands(new(Cidr.Parse("10.0.0.0/30"), "uid", Owner.Host("h2"), 1, 4, 4, 0, 0, 0, 0, Noon, null)));
        past.Hold(10, Web, "10.0.0.0", 1);
        OwnershipIsReasoned.Judge(past.History).Any(violation => violation.Law == "INV-10").ShouldBe(broken);
    }

    [Fact]
    public void What_was_answered_before_the_store_went_back_is_held_against_nobody()
    {
        var past = new Past();
        past.Answered(10, 20, "a", Web, "10.0.0.0", 1);
        var lost = past.History;
        NothingLost.Judge(lost).ShouldNotBeEmpty();
        NothingLost.Judge(lost with { Exchanges = [], Earlier = lost.Exchanges, Since = 30 }).ShouldBeEmpty();
    }

    private static IpamViewChange.BlockStands Stands(string block) => new(new(Cidr.Parse(block), "uid", Owner.Host("h1"), 1, 2, 2, 0, 0, 0, 0, Noon, null));
}

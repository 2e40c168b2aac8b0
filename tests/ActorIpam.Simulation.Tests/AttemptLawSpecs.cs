using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Pools;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Laws;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>An attempt without an answer excuses what it may have done, and one that reached nobody, or is over, excuses nothing.</summary>
public sealed class AttemptLawSpecs
{
    private const string Web = "net/web", Db = "net/db", Ip = "10.0.0.0";

    public enum Attempt
    {
        MaySleep,
        ReachedNobody,
        WasDeclined,
    }

    [Theory]
    [InlineData(Attempt.MaySleep, false)]
    [InlineData(Attempt.ReachedNobody, true)]
    [InlineData(Attempt.WasDeclined, true)]
    public void An_address_that_is_taken_away_breaks_INV_2_unless_an_earlier_release_may_sleep(Attempt attempt, bool broken)
    {
        var past = new Past();
        past.Asked(Of(attempt, new Exchange.ReleasingHandle("m1", 1, new() { Handle = Web })));
        past.Released(3, 5, Web, []);
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Free(25, Ip, 1);
        NothingLost.Judge(past.History).Any(violation => violation.Law == "INV-2").ShouldBe(broken);
    }

    [Theory]
    [InlineData(Attempt.MaySleep, false)]
    [InlineData(Attempt.ReachedNobody, true)]
    [InlineData(Attempt.WasDeclined, true)]
    public void An_address_given_to_two_breaks_INV_1_unless_an_earlier_release_may_sleep(Attempt attempt, bool broken)
    {
        var past = new Past();
        past.Asked(Of(attempt, new Exchange.ReleasingHandle("m1", 1, new() { Handle = Web })));
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Assigned(30, 40, "b", Db, Ip, 2, committed: 35);
        OneHolder.Judge(past.History).Any(violation => violation.Law == "INV-1").ShouldBe(broken);
    }

    [Theory]
    [InlineData(Attempt.MaySleep, false)]
    [InlineData(Attempt.ReachedNobody, true)]
    [InlineData(Attempt.WasDeclined, true)]
    public void An_assignment_from_a_disabled_pool_breaks_INV_10_unless_somebody_may_have_enabled_it(Attempt attempt, bool broken)
    {
        var past = new Past();
        past.Asked(Of(attempt, new Exchange.Storing("m1", 1, Pool(disabled: false))));
        past.Asked(new Exchange.Storing("m1", 10, Pool(disabled: true)) { Answered = 20 });
        past.Assigned(15, 40, "a", Web, Ip, 1, committed: 30);
        PolicyIsObeyed.Judge(past.History).Any(violation => violation.Law == "INV-10").ShouldBe(broken);
    }

    /// <summary>Who asks for a release does not use the address any more, whether anybody heard of it or not: that is what hosts report.</summary>
    [Fact]
    public void A_host_reports_nothing_that_its_clients_have_asked_to_be_released()
    {
        var past = new Past();
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Asked(Of(Attempt.ReachedNobody, new Exchange.ReleasingHandle("m1", 30, new() { Handle = Web })));
        Grants.Of(past.History).Single().ReleaseAsked.ShouldBe(Exchange.Never);
        Grants.Of(past.History.AsAsked()).Single().ReleaseAsked.ShouldBe(30);
    }

    [Theory]
    [InlineData("IPPool", "p", """{"metadata":{"name":"p"},"spec":{"cidr":"10.0.0.0/30","disabled":true}}""")]
    [InlineData("IPReservation", "kept", """{"metadata":{"name":"kept"},"spec":{"reservedCIDRs":["10.0.0.0/31"]}}""")]
    [InlineData("Node", "h1", null)]
    public void An_assignment_that_the_catalog_of_its_commit_forbids_breaks_INV_10(string kind, string name, string? body)
    {
        var past = new Past();
        past.Assigned(3, 6, "a", Db, "10.0.0.1", 1, committed: 5);
        past.Commit(10, body is null ? new IpamViewChange.ResourceGone(kind, name) : Past.Stored(kind, name, body));
        PolicyIsObeyed.Judge(past.History).ShouldBeEmpty();
        past.Assigned(15, 40, "b", Web, Ip, 1, committed: 30);
        PolicyIsObeyed.Judge(past.History).Single().Law.ShouldBe("INV-10");
    }

    [Theory]
    [InlineData("demand", true, true)]
    [InlineData("asked", true, true)]
    [InlineData("split", true, false)]
    [InlineData("demand", false, false)]
    public void A_block_that_is_claimed_from_a_disabled_pool_breaks_INV_10(string why, bool disabled, bool broken)
    {
        var past = new Past();
        past.Commit(10, Past.Stored("IPPool", "p", $$$"""{"metadata":{"name":"p"},"spec":{"cidr":"10.0.0.0/30","disabled":{{{(disabled ? "true" : "false")}}}}}"""));
        past.Append(20, new("pool/p"), Head.None, PoolEventCodec.Instance.Write([new PoolEvent.BlockClaimed(Cidr.Parse("10.0.0.0/31"), Owner.Host("h1"), why)]));
        PolicyIsObeyed.Judge(past.History).Any(violation => violation.Law == "INV-10").ShouldBe(broken);
    }

    [Theory]
    [InlineData("demand", true)]
    [InlineData("asked", false)]
    public void A_block_for_a_host_without_a_node_breaks_INV_10_unless_somebody_named_it(string why, bool broken)
    {
        var past = new Past();
        past.Append(20, new("pool/p"), Head.None, PoolEventCodec.Instance.Write([new PoolEvent.BlockClaimed(Cidr.Parse("10.0.0.0/31"), Owner.Host("h2"), why)]));
        PolicyIsObeyed.Judge(past.History).Any(violation => violation.Law == "INV-10").ShouldBe(broken);
    }

    /// <summary>A given address may be reserved; the next one that the handle is assigned there may not.</summary>
    [Fact]
    public void What_was_given_once_is_not_excused_for_ever()
    {
        var past = new Past();
        past.Commit(5, Past.Stored("IPReservation", "kept", """{"metadata":{"name":"kept"},"spec":{"reservedCIDRs":["10.0.0.0/31"]}}"""));
        past.Given(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Free(25, Ip, 1);
        PolicyIsObeyed.Judge(past.History).ShouldBeEmpty();
        past.Assigned(30, 40, "b", Web, Ip, 3, committed: 35);
        PolicyIsObeyed.Judge(past.History).Single().Law.ShouldBe("INV-10");
    }

    private static Exchange Of(Attempt attempt, Exchange exchange) => attempt switch
    {
        Attempt.ReachedNobody => exchange with { ReachedNobody = true },
        Attempt.WasDeclined => exchange with { Declined = exchange.Asked + 1 },
        _ => exchange,
    };

    private static IpPool Pool(bool disabled) => new(new("p"), new() { Cidr = "10.0.0.0/30", Disabled = disabled });
}

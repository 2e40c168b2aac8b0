using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Laws;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>Plain answers that were true at no instant, and beside each one that was.</summary>
public sealed class AnswerLawSpecs
{
    private const string Web = "net/web", Ip = "10.0.0.0";

    private static readonly WorldPlan Plan = new() { Members = 1, Hosts = ["h1"], Pools = [], PodsPerHost = 1, Rounds = 1, Cooldown = 2 };

    /// <summary>It was released two seconds of cooldown ago, or less.</summary>
    [Theory]
    [InlineData(3000, true)]
    [InlineData(1000, false)]
    public void Taken_said_of_an_address_whose_cooldown_is_over_breaks_INV_15(long asked, bool broken)
    {
        var past = new Past();
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Free(35, Ip, 1);
        past.Hold(asked - 1, "net/db", "10.0.0.1", 4);
        past.Asked(new Exchange.AssigningGiven("m1", asked, new() { Host = "h1", Handle = Web, Ip = Ip, RequestId = "b" }) { Answered = asked + 10, Answer = new Refusal(RefusalCode.AlreadyAssigned, "") });
        IsBroken(past).ShouldBe(broken);
    }

    [Fact]
    public void Taken_said_of_an_address_that_is_held_is_lawful()
    {
        var past = new Past();
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Asked(new Exchange.AssigningGiven("m1", 30, new() { Host = "h1", Handle = "net/db", Ip = Ip, RequestId = "b" }) { Answered = 40, Answer = new Refusal(RefusalCode.AlreadyAssigned, "") });
        IsBroken(past).ShouldBeFalse();
    }

    [Theory]
    [InlineData("p", true)]
    [InlineData("another", false)]
    public void Deleted_said_of_a_resource_that_stood_all_the_time_breaks_INV_15(string uid, bool broken)
    {
        var past = new Past();
        past.Asked(new Exchange.Deleting("m1", 30, ResourceKind.IPPool, "p") { Answered = 40, Answer = new IpPool(new("p") { Uid = uid }, new() { Cidr = "10.0.0.0/30" }) });
        IsBroken(past).ShouldBe(broken);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Done_said_of_a_split_whose_whole_stood_all_the_time_breaks_INV_15(bool gone, bool broken)
    {
        var past = new Past();
        if (gone)
        {
            past.Commit(35, new IpamViewChange.ResourceGone("IPPool", "p"));
        }

        past.Asked(new Exchange.Splitting("m1", 30, new() { Pool = "p", Parts = 2 }) { Answered = 40, Answer = new SplitAnswer { Done = true } });
        IsBroken(past).ShouldBe(broken);
    }

    [Theory]
    [InlineData("10.0.0.0/30", null, true)]
    [InlineData("10.0.0.0/30", "h2", false)]
    [InlineData("10.0.0.0/31", null, false)]
    public void A_block_that_stays_its_owners_when_its_range_was_given_back_breaks_INV_15(string range, string? next, bool broken)
    {
        var past = new Past();
        past.Commit(10, Stands("h1"));
        if (next is not null)
        {
            past.Commit(35, Stands(next));
        }

        past.Asked(new Exchange.GivingBack("m1", 30, new() { Host = "h1", Cidr = range }) { Answered = 40, Answer = new AffinityAnswer() });
        IsBroken(past).ShouldBe(broken);
    }

    private static IpamViewChange.BlockStands Stands(string owner) => new(new(Cidr.Parse("10.0.0.2/31"), "p", Owner.Host(owner), 1, 2, 2, 0, 0, 0, 0, DateTimeOffset.UnixEpoch, null));

    private static bool IsBroken(Past past) => AnswersWereTrue.Judge(past.History, Plan).Any(violation => violation.Law == "INV-15");
}

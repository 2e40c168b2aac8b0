using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
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

    private static bool IsBroken(Past past) => AnswersWereTrue.Judge(past.History, Plan).Any(violation => violation.Law == "INV-15");
}

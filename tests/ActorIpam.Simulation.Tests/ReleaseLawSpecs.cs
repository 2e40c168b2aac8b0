using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Laws;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>What a release by addresses must have done when it is answered, on histories that are wrong and lawful ones beside them.</summary>
public sealed class ReleaseLawSpecs
{
    private const string Web = "net/web", Db = "net/db", Ip = "10.0.0.0", Other = "10.0.0.1";

    private static readonly WorldPlan Plan = new() { Members = 1, Hosts = ["h1"], Pools = [], PodsPerHost = 1, Rounds = 1 };

    public static TheoryData<string[], RefusalCode?> Untrue => new()
    {
        { [Ip], null },
        { [], null },
        { [], RefusalCode.SeqConflict },
    };

    /// <summary>The address is held a second time, and its release names nothing, or what the handle held before: whatever it is answered, the address stays.</summary>
    [Theory]
    [MemberData(nameof(Untrue))]
    public void An_address_that_is_held_behind_its_release_breaks_INV_3(string[] released, RefusalCode? error)
    {
        var past = HeldTwice();
        past.Asked(Release(70, 80, [new(Ip, Web)], [.. released], error));
        ReleasesRelease.Judge(past.History).ShouldContain(violation => violation.Law == "INV-3");
    }

    [Fact]
    public void An_address_that_is_free_before_the_answer_is_lawful()
    {
        var past = HeldTwice();
        past.Free(75, Ip, 3);
        past.Asked(Release(70, 80, [new(Ip, Web)], [Ip]));
        ReleasesRelease.Judge(past.History).ShouldBeEmpty();
    }

    [Fact]
    public void What_an_earlier_attempt_released_is_answered_again()
    {
        var past = HeldTwice();
        past.Free(75, Ip, 3);
        past.Asked(new Exchange.Releasing("m1", 70, new() { Addresses = [new(Ip, Web)], RequestId = "over" }));
        past.Asked(Release(77, 80, [new(Ip, Web)], [Ip]));
        ReleasesRelease.Judge(past.History).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Db, false)]
    [InlineData(Web, true)]
    public void A_block_stays_as_it_was_only_when_another_address_of_it_is_held_otherwise(string holder, bool broken)
    {
        var past = HeldTwice();
        past.Hold(65, holder, Other, 4);
        past.Asked(Release(70, 80, [new(Ip, Web), new(Other, Web)], [], RefusalCode.HandleConflict, Other));
        past.Free(78, Other, 4);
        ReleasesRelease.Judge(past.History).Any(violation => violation.Law == "INV-3").ShouldBe(broken);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(1, false)]
    public void A_conflict_that_was_none_breaks_INV_15(long generation, bool broken)
    {
        var past = HeldTwice();
        past.Asked(Release(70, 80, [new(Ip, null, generation)], [], RefusalCode.SeqConflict));
        AnswersWereTrue.Judge(past.History, Plan).Any(violation => violation.Law == "INV-15").ShouldBe(broken);
    }

    private static Past HeldTwice()
    {
        var past = new Past();
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Free(35, Ip, 1);
        past.Released(30, 40, Web, [Ip]);
        past.Assigned(50, 60, "b", Web, Ip, 3, committed: 55);
        return past;
    }

    private static Exchange.Releasing Release(long asked, long answered, ImmutableArray<ReleaseEntry> entries, ImmutableArray<string> released, RefusalCode? error = null, string conflict = Ip) =>
        new("m1", asked, new() { Addresses = entries, RequestId = "over" })
        {
            Answered = answered,
            Answer = new ReleaseAnswer { Released = released, Errors = error is { } code ? [new(conflict, code, "")] : [] },
        };
}

using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using Shouldly;

namespace ActorIpam.EngineSpecs.Cluster;

/// <summary>Who does not remember a decision asks the other members.</summary>
public sealed class AskedWhySpecs : TwoMembers
{
    [Fact]
    public async Task Whoever_is_asked_why_asks_the_others_when_he_does_not_know_and_says_who_did()
    {
        await A.Door.AssignAsync(Request("web-1") with { RequestId = "r", Ipv4Pools = ["nowhere"] }, Cancellation);
        foreach (var query in (ExplainQuery[])[new() { Request = "r" }, new() { Handle = "web-1" }])
        {
            var told = (await A.Door.Explaining.ExplainAsync(query, Cancellation)).Value;
            var decision = told.Decisions.ShouldHaveSingleItem();
            (decision.Member, decision.Outcome).ShouldBe(("b", nameof(RefusalCode.PoolNotFoundOrDisabled)));
            told.Notes.ShouldNotContain(static note => note.Contains("does not remember", StringComparison.Ordinal));
        }

        // Who remembers asks nobody.
        Wire.Asked.Clear();
        (await Members["b"].Door.Explaining.ExplainAsync(new() { Request = "r" }, Cancellation)).Value.Decisions.ShouldHaveSingleItem().Member.ShouldBe("b");
        Wire.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData((int)Fate.Lost)]
    [InlineData((int)Fate.Swallowed)]
    public async Task Whoever_is_asked_why_waits_a_bounded_time_and_names_those_who_did_not_answer(int fate)
    {
        await A.Door.AssignAsync(Request("web-1") with { RequestId = "r", Ipv4Pools = ["nowhere"] }, Cancellation);
        Wire.Fate = (Fate)fate;

        var told = (await A.Door.Explaining.ExplainAsync(new() { Request = "r" }, Cancellation)).Value;

        told.Decisions.ShouldBeEmpty();
        told.Notes.ShouldContain(static note => note.StartsWith("b did not answer", StringComparison.Ordinal), string.Join('\n', told.Notes));
    }
}

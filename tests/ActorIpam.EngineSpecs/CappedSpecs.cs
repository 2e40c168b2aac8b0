using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine;
using ActorIpam.Engine.InMemory;
using Shouldly;
using static ActorIpam.EngineSpecs.World;

namespace ActorIpam.EngineSpecs;

/// <summary>Requests whose handle may hold no more than so many addresses (semantics.md §5.6).</summary>
public sealed class CappedSpecs
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The other family has no room, or has it in a block that the host may not have.</summary>
    [Theory]
    [InlineData("fd00::/127", 0, RefusalCode.Exhausted)]
    [InlineData("fd00::/126", 1, RefusalCode.BlockLimit)]
    public async Task All_or_nothing_of_both_families_is_refused_though_the_handle_holds_one_of_them(string six, int blocks, RefusalCode code)
    {
        var journal = new MemoryJournal();
        await using var member = Member.Start(new(journal, journal, TimeProvider.System, new Counting()), new() { Name = "member" });
        Must(await member.Door.CreateAsync(Node("node-a"), dryRun: false, Cancellation));
        Must(await member.Door.CreateAsync(Pool("four", "10.0.0.0/30", 30), dryRun: false, Cancellation));
        Must(await member.Door.CreateAsync(Pool("six", six, 127), dryRun: false, Cancellation));
        Must(await member.Door.AssignAsync(new() { Host = "node-a", Handle = "web", Ipv4 = 1, MaxPerHandle = 1 }, Cancellation));
        Must(await member.Door.AssignAsync(new() { Host = "node-a", Handle = "other", Ipv6 = 2 }, Cancellation));
        var both = new AssignRequest { Host = "node-a", Handle = "web", Ipv4 = 1, Ipv6 = 1, MaxPerHandle = 1, MaxBlocks = blocks, AllOrNothing = true, RequestId = "both" };

        for (var time = 0; time < 2; time++)
        {
            var answer = await member.Door.AssignAsync(both, Cancellation);
            answer.IsRefused.ShouldBeTrue();
            answer.Refusals[0].Code.ShouldBe(code);
        }

        Must(await member.Door.ReleaseHandleAsync(new() { Handle = "other" }, Cancellation));
        var granted = Must(await member.Door.AssignAsync(both, Cancellation));
        (granted.Ipv4.Length, granted.Ipv6.Length).ShouldBe((1, 1), "a request that was refused may be granted later");
    }
}

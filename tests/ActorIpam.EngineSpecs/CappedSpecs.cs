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

    [Fact]
    public async Task All_or_nothing_of_both_families_is_refused_though_the_handle_holds_one_of_them()
    {
        var journal = new MemoryJournal();
        await using var member = Member.Start(new(journal, journal, TimeProvider.System, new Counting()), new() { Name = "member" });
        Must(await member.Door.CreateAsync(Node("node-a"), dryRun: false, Cancellation));
        Must(await member.Door.CreateAsync(Pool("four", "10.0.0.0/30", 30), dryRun: false, Cancellation));
        Must(await member.Door.CreateAsync(Pool("six", "fd00::/127", 127), dryRun: false, Cancellation));
        Must(await member.Door.AssignAsync(new() { Host = "node-a", Handle = "web", Ipv4 = 1, MaxPerHandle = 1 }, Cancellation));
        Must(await member.Door.AssignAsync(new() { Host = "node-a", Handle = "other", Ipv6 = 2 }, Cancellation));
        var both = new AssignRequest { Host = "node-a", Handle = "web", Ipv4 = 1, Ipv6 = 1, MaxPerHandle = 1, AllOrNothing = true, RequestId = "both" };

        for (var time = 0; time < 2; time++)
        {
            var answer = await member.Door.AssignAsync(both, Cancellation);
            answer.IsRefused.ShouldBeTrue();
            answer.Refusals[0].Code.ShouldBe(RefusalCode.Exhausted);
        }

        Must(await member.Door.ReleaseHandleAsync(new() { Handle = "other" }, Cancellation));
        var granted = Must(await member.Door.AssignAsync(both, Cancellation));
        (granted.Ipv4.Length, granted.Ipv6.Length).ShouldBe((1, 1), "a request that was refused may be granted later");
    }
}

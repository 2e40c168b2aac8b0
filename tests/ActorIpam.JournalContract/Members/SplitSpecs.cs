using ActorIpam.Domain.Pools;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine;
using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Members.SomeMembers;

namespace ActorIpam.JournalContract.Members;

/// <summary>The interleavings of docs/decisions/0008-live-split.md that two members can make.</summary>
public sealed class SplitSpecs
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_members_that_split_one_pool_at_once_while_a_third_serves_end_with_its_parts()
    {
        await using var members = new SomeMembers(3, TimeSpan.Zero);
        await members.PrepareAsync("10.0.0.0/22", 28, "a", "b");
        Must(await members.Door.AssignAsync(new() { Host = "a", Handle = "stays", Ipv4 = 100 }, Cancellation));
        Must(await members.Door.AssignAsync(new() { Host = "b", Handle = "orphaned", Ipv4 = 20 }, Cancellation));
        Must(await members.Door.ReleaseHostAffinitiesAsync("b", mustBeEmpty: false, Cancellation));
        using var stop = new CancellationTokenSource();
        var served = Task.Run(() => ServeAsync(members[2], stop.Token), Cancellation);

        await Task.WhenAll(Task.Run(() => SplitAsync(members[0], 4), Cancellation), Task.Run(() => SplitAsync(members[1], 4), Cancellation));
        await stop.CancelAsync();
        (await served).ShouldBeGreaterThan(0);

        (await members.Door.ListAsync(ResourceKind.IPPool, Cancellation)).Items.Select(pool => pool.Metadata.Name)
            .ShouldBe(["split-web-0", "split-web-1", "split-web-2", "split-web-3"]);
        members.Journal.Snapshot().Addresses.Values.Count(row => row.Handle is "stays" or "orphaned").ShouldBe(120);
        await TheBooksAgreeAsync(members);
    }

    [Fact]
    public async Task Of_two_splits_into_different_numbers_one_is_refused_and_the_other_ends()
    {
        await using var members = new SomeMembers(2, TimeSpan.Zero);
        await members.PrepareAsync("10.0.0.0/24", 28, "a");
        Must(await members.Door.AssignAsync(new() { Host = "a", Handle = "stays", Ipv4 = 40 }, Cancellation));

        var ended = await Task.WhenAll(Task.Run(() => TrySplitAsync(members[0], 2), Cancellation), Task.Run(() => TrySplitAsync(members[1], 8), Cancellation));

        ended.Count(static done => done).ShouldBe(1);
        await TheBooksAgreeAsync(members);
        (await members.Door.ListAsync(ResourceKind.IPPool, Cancellation)).Items.Length.ShouldBeOneOf(2, 8);
    }

    private static async Task SplitAsync(Member member, int parts) => (await RefusalOfSplitAsync(member, parts)).ShouldBeNull();

    private static async Task<bool> TrySplitAsync(Member member, int parts) => await RefusalOfSplitAsync(member, parts) is null;

    /// <summary>Splits to the end, or until it is refused.</summary>
    private static async Task<string?> RefusalOfSplitAsync(Member member, int parts)
    {
        for (var call = 0; call < 500; call++)
        {
            var answer = await member.Door.SplitAsync(new SplitRequest { Pool = "web", Parts = parts }, Cancellation);
            if (answer.IsRefused || answer.Value.Done)
            {
                return answer.IsRefused ? $"{answer.Refusals[0].Code}: {answer.Refusals[0].Message}" : null;
            }
        }

        throw new InvalidOperationException("It never ends.");
    }

    private static async Task<int> ServeAsync(Member member, CancellationToken stop)
    {
        var served = 0;
        for (var turn = 0; !stop.IsCancellationRequested; turn++)
        {
            var answer = await member.Door.AssignAsync(new() { Host = turn % 2 == 0 ? "a" : "b", Handle = $"passes-{turn}", Ipv4 = 2 }, CancellationToken.None);
            if (!answer.IsRefused && !answer.Value.Ipv4.IsEmpty)
            {
                served++;
                Must(await member.Door.ReleaseHandleAsync(new() { Handle = $"passes-{turn}" }, CancellationToken.None));
            }
        }

        return served;
    }

    /// <summary>INV-5: each owned block stands in the books of the pool that it names, and in no others.</summary>
    private static async Task TheBooksAgreeAsync(SomeMembers members)
    {
        var pools = (await members.Door.ListAsync(ResourceKind.IPPool, Cancellation)).Items.Cast<IpPool>().ToList();
        var blocks = members.Journal.Snapshot().Blocks.Values.ToList();
        blocks.ShouldAllBe(row => pools.Any(pool => pool.Metadata.Uid == row.Pool));
        foreach (var pool in pools)
        {
            var owned = (await members.Journal.ReadAsync(Streams.Pool(pool.Metadata.Uid!), Head.None, Cancellation)).Rows
                .SelectMany(static row => PoolEventCodec.Instance.Read(row.Events, row.Schema))
                .Aggregate(Pool.On(ActorIpam.Domain.Catalog.PoolPolicy.From(pool).Grid), static (state, fact) => state.Apply(fact)).Owners;
            owned.Select(static pair => (pair.Key, pair.Value))
                .ShouldBe(blocks.Where(row => row.Pool == pool.Metadata.Uid && row.Owner is not null).Select(static row => (row.Block, row.Owner!.Value)), ignoreOrder: true);
        }
    }
}

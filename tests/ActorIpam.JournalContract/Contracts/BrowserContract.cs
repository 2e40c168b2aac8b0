using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Contracts;

/// <summary>What an operator is told of the streams.</summary>
public abstract class BrowserContract(IJournalSource source)
{
    [Fact]
    public async Task Streams_come_in_the_order_of_their_names_with_their_versions_page_by_page()
    {
        await using var under = await source.OpenAsync();
        await under.MoveAsync(Block, await under.MoveAsync(Block, Head.None));
        await under.MoveAsync(Pool, Head.None);
        await under.WinAsync(Unit() with { Raises = [Policy] });

        StreamPlace[] all = [new(Block, 2), new(Policy, 1), new(Pool, 1)];
        (await under.Streams.StreamsAsync(null, 10, TestContext.Current.CancellationToken)).ShouldBe(all);
        (await under.Streams.StreamsAsync(null, 2, TestContext.Current.CancellationToken)).ShouldBe(all[..2]);
        (await under.Streams.StreamsAsync(Policy, 2, TestContext.Current.CancellationToken)).ShouldBe(all[2..]);
        (await under.Streams.StreamsAsync(Pool, 2, TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rows_behind_places_come_by_stream_and_version_up_to_the_limit()
    {
        await using var under = await source.OpenAsync();
        var first = await under.MoveAsync(Block, Head.None);
        await under.MoveAsync(Block, await under.MoveAsync(Block, first));
        await under.MoveAsync(Pool, Head.None);
        await under.WinAsync(Unit() with { Raises = [Policy] });

        (await SeeAsync(10, new(Pool, 0), new(Policy, 0), new(Block, 1), new(HostA, 0))).ShouldBe([(Block, 2), (Block, 3), (Pool, 1)]);
        (await SeeAsync(2, new(Pool, 0), new(Block, 0))).ShouldBe([(Block, 1), (Block, 2)]);
        (await SeeAsync(10, new StreamPlace(Block, 3))).ShouldBeEmpty();
        var row = (await under.Streams.RowsBehindAsync([new(Block, 0)], 1, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
        row.Row.ShouldBe((await under.Journal.ReadAsync(Block, Head.None, TestContext.Current.CancellationToken)).Rows[0]);

        async Task<(StreamId, long)[]> SeeAsync(int limit, params StreamPlace[] places) =>
            [.. (await under.Streams.RowsBehindAsync([.. places], limit, TestContext.Current.CancellationToken)).Select(found => (found.Stream, found.Row.Version))];
    }
}

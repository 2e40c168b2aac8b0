using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Contracts;

/// <summary>What operators, checks and explanations are told of the streams.</summary>
public abstract class BrowserContract(IJournalSource source)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Streams_come_in_the_order_of_their_names_with_their_versions_page_by_page()
    {
        await using var under = await source.OpenAsync();
        await under.MoveAsync(Block, await under.MoveAsync(Block, Head.None));
        await under.MoveAsync(Pool, Head.None);
        await under.WinAsync(Unit() with { Raises = [Policy] });

        (StreamId, long)[] all = [(Block, 2), (Policy, 1), (Pool, 1)];
        (await SeeAsync(null, 10)).ShouldBe(all);
        (await SeeAsync(null, 2)).ShouldBe(all[..2]);
        (await SeeAsync(Policy, 2)).ShouldBe(all[2..]);
        (await SeeAsync(Pool, 2)).ShouldBeEmpty();

        async Task<(StreamId, long)[]> SeeAsync(StreamId? after, int limit) =>
            [.. (await under.Streams.StreamsAsync("", after, limit, Cancellation)).Select(found => (found.Stream, found.Head.Version))];
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
        var row = (await under.Streams.RowsBehindAsync([new(Block, 0)], 1, Cancellation)).ShouldHaveSingleItem();
        row.Row.ShouldBe((await under.Journal.ReadAsync(Block, Head.None, Cancellation)).Rows[0]);

        async Task<(StreamId, long)[]> SeeAsync(int limit, params StreamPlace[] places) =>
            [.. (await under.Streams.RowsBehindAsync([.. places], limit, Cancellation)).Select(found => (found.Stream, found.Row.Version))];
    }

    [Fact]
    public async Task Streams_are_found_by_the_beginnings_of_their_names_page_by_page()
    {
        await using var under = await source.OpenAsync();
        foreach (var name in (string[])["block/10.0.0.0/26", "block/10.0.0.64/26", "block/10.0.0.128/26", "blocked", "pool/a", "blacklist"])
        {
            await WonAsync(under, name);
        }

        var first = await under.Streams.StreamsAsync("block/", null, 2, Cancellation);
        var second = await under.Streams.StreamsAsync("block/", first[^1].Stream, 2, Cancellation);
        first.Concat(second).Select(static found => found.Stream.Value).ShouldBe(["block/10.0.0.0/26", "block/10.0.0.128/26", "block/10.0.0.64/26"]);
        first[0].Head.ShouldBe((await under.Journal.HeadsAsync([first[0].Stream], Cancellation))[0]);
        (await under.Streams.StreamsAsync("block/", second[^1].Stream, 2, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Heads_without_events_are_found_too()
    {
        await using var under = await source.OpenAsync();
        var unit = new Unit(new(Guid.NewGuid())) { At = DateTimeOffset.UnixEpoch, Member = "m", Raises = [new("host/host:a")] };
        (await under.Journal.AppendAsync([unit]))[0].ShouldBeOfType<Outcome.Won>();
        (await under.Streams.StreamsAsync("host/", null, 10, Cancellation)).ShouldHaveSingleItem().Head.Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_row_is_found_by_its_version_and_nothing_else_is()
    {
        await using var under = await source.OpenAsync();
        await WonAsync(under, "block/10.0.0.0/26");
        var tail = await under.Journal.ReadAsync(new("block/10.0.0.0/26"), Head.None, Cancellation);
        (await under.Streams.RowAsync(new("block/10.0.0.0/26"), 1, Cancellation)).ShouldBe(tail.Rows[0]);
        (await under.Streams.RowAsync(new("block/10.0.0.0/26"), 2, Cancellation)).ShouldBeNull();
        (await under.Streams.RowAsync(new("block/10.9.0.0/26"), 1, Cancellation)).ShouldBeNull();
    }

    private static async Task WonAsync(IJournalUnderTest under, string stream)
    {
        var unit = new Unit(new(Guid.NewGuid())) { At = DateTimeOffset.UnixEpoch, Member = "m", Appends = [new(new(stream), Head.None, 1, "[]")] };
        (await under.Journal.AppendAsync([unit]))[0].ShouldBeOfType<Outcome.Won>();
    }
}

using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;

namespace ActorIpam.JournalContract.Contracts;

/// <summary>Streams are found by the beginnings of their names, page by page, and single rows by their versions.</summary>
public abstract class StreamIndexContract(IJournalSource source)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Streams_come_in_ordinal_order_and_by_pages()
    {
        await using var under = await source.OpenAsync();
        foreach (var name in (string[])["block/10.0.0.0/26", "block/10.0.0.64/26", "block/10.0.0.128/26", "blocked", "pool/a", "blacklist"])
        {
            await WonAsync(under, name);
        }

        var first = await under.Index.StreamsAsync("block/", null, 2, Cancellation);
        var second = await under.Index.StreamsAsync("block/", first[^1].Stream, 2, Cancellation);
        first.Concat(second).Select(static found => found.Stream.Value).ShouldBe(["block/10.0.0.0/26", "block/10.0.0.128/26", "block/10.0.0.64/26"]);
        first[0].Head.ShouldBe((await under.Journal.HeadsAsync([first[0].Stream], Cancellation))[0]);
        (await under.Index.StreamsAsync("block/", second[^1].Stream, 2, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Heads_without_events_are_found_too()
    {
        await using var under = await source.OpenAsync();
        var unit = new Unit(new(Guid.NewGuid())) { At = DateTimeOffset.UnixEpoch, Member = "m", Raises = [new("host/host:a")] };
        (await under.Journal.AppendAsync([unit]))[0].ShouldBeOfType<Outcome.Won>();
        (await under.Index.StreamsAsync("host/", null, 10, Cancellation)).ShouldHaveSingleItem().Head.Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_row_is_found_by_its_version_and_nothing_else_is()
    {
        await using var under = await source.OpenAsync();
        await WonAsync(under, "block/10.0.0.0/26");
        var tail = await under.Journal.ReadAsync(new("block/10.0.0.0/26"), Head.None, Cancellation);
        (await under.Index.RowAsync(new("block/10.0.0.0/26"), 1, Cancellation)).ShouldBe(tail.Rows[0]);
        (await under.Index.RowAsync(new("block/10.0.0.0/26"), 2, Cancellation)).ShouldBeNull();
        (await under.Index.RowAsync(new("block/10.9.0.0/26"), 1, Cancellation)).ShouldBeNull();
    }

    private static async Task WonAsync(IJournalUnderTest under, string stream)
    {
        var unit = new Unit(new(Guid.NewGuid())) { At = DateTimeOffset.UnixEpoch, Member = "m", Appends = [new(new(stream), Head.None, 1, "[]")] };
        (await under.Journal.AppendAsync([unit]))[0].ShouldBeOfType<Outcome.Won>();
    }
}

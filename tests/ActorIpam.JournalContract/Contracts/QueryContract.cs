using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Contracts;

/// <summary>What the queries over blocks and addresses find.</summary>
public abstract class QueryContract(IJournalSource source)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string[] Names(IEnumerable<BlockRow> rows) => [.. rows.Select(row => row.Block.ToString())];

    [Fact]
    public async Task A_walk_starts_where_it_is_told_wraps_and_says_when_there_is_more()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Showing(
            Stands("10.0.0.0/28", A, free: 1), Stands("10.0.0.16/28", A), Stands("10.0.0.32/28", B, cooling: 1),
            Stands("10.0.0.48/28"), Stands("10.0.1.0/28", B, free: 2), Stands("fd00::/124", A, free: 1)));
        var head = await under.MoveAsync(Pool, Head.None);
        var range = Cidr.Parse("10.0.0.0/24");

        async Task<RoomSight> Room(int most, params RoomWalk[] walks) => await under.Views.RoomAsync(new([.. walks], most, [Policy, Pool]), Cancellation);
        var sight = await Room(2, new RoomWalk(range, Ip("10.0.0.20")), new RoomWalk(Cidr.Parse("fd00::/64"), Ip("fd00::")));
        var all = await Room(3, new RoomWalk(range, Ip("10.0.0.33")));

        Names(sight.Walks[0].Blocks).ShouldBe(["10.0.0.32/28", "10.0.0.48/28"]);
        sight.Walks[0].More.ShouldBeTrue();
        Names(sight.Walks[1].Blocks).ShouldBe(["fd00::/124"]);
        sight.Walks[1].More.ShouldBeFalse();
        sight.Heads.ShouldBe([Head.None, head]);
        Names(all.Walks[0].Blocks).ShouldBe(["10.0.0.48/28", "10.0.0.0/28", "10.0.0.32/28"]);
        all.Walks[0].More.ShouldBeFalse();
    }

    [Fact]
    public async Task Blocks_in_a_range_are_those_inside_it_and_the_one_around_it()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Showing(Stands("10.0.0.0/26"), Stands("10.0.0.64/28"), Stands("10.0.0.80/28", A), Stands("255.255.255.240/28"), Stands("fd00::/124")));

        async Task<string[]> In(string? range, int limit = 9, string? after = null) => Names(
            await under.Views.BlocksInAsync(range is null ? null : Cidr.Parse(range), limit, after is null ? null : Cidr.Parse(after), Cancellation));

        (await In("10.0.0.32/28")).ShouldBe(["10.0.0.0/26"]);
        (await In("10.0.0.32/28", after: "10.0.0.0/26")).ShouldBeEmpty();
        (await In("10.0.0.0/24")).ShouldBe(["10.0.0.0/26", "10.0.0.64/28", "10.0.0.80/28"]);
        (await In("10.0.0.0/24", limit: 1, after: "10.0.0.0/26")).ShouldBe(["10.0.0.64/28"]);
        (await In("10.0.0.96/27")).ShouldBeEmpty();
        (await In("0.0.0.0/0", limit: 2)).ShouldBe(["10.0.0.0/26", "10.0.0.64/28"]);
        (await In(null, after: "10.0.0.80/28")).ShouldBe(["255.255.255.240/28", "fd00::/124"]);
    }

    [Fact]
    public async Task The_block_of_an_address_is_the_one_that_contains_it()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Showing(Stands("10.0.0.0/26", A), Stands("10.0.0.64/28", B), Stands("fd00::/124", A)));

        async Task<string?> Of(string ip) => (await under.Views.BlockContainingAsync(Ip(ip), Cancellation))?.Block.ToString();

        (await Of("10.0.0.63")).ShouldBe("10.0.0.0/26");
        (await Of("10.0.0.64")).ShouldBe("10.0.0.64/28");
        (await Of("10.0.0.80")).ShouldBeNull();
        (await Of("9.255.255.255")).ShouldBeNull();
        (await Of("fd00::f")).ShouldBe("fd00::/124");
        (await Of("::1")).ShouldBeNull();
        Names(await under.Views.BlocksOfAsync(A, Cancellation)).ShouldBe(["10.0.0.0/26", "fd00::/124"]);

        var stream = new StreamId("host/a");
        (await under.Views.OwnedAsync(A, stream, Cancellation)).Head.ShouldBe(Head.None);
        await under.WinAsync(Unit() with { Raises = [stream] });
        var owned = await under.Views.OwnedAsync(A, stream, Cancellation);
        Names(owned.Blocks).ShouldBe(["10.0.0.0/26", "fd00::/124"]);
        owned.Head.ShouldBe((await under.Journal.HeadsAsync([stream], Cancellation))[0]);
        owned.Head.Version.ShouldBe(1);
    }

    [Fact]
    public async Task Totals_add_up_the_blocks_of_each_range()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Showing(Stands("10.0.0.0/28", A, free: 5, cooling: 1), Stands("10.0.0.16/28", null, free: 2), Stands("10.0.1.0/28", A)));

        (await under.Views.TotalsAsync([Cidr.Parse("10.0.0.0/24"), Cidr.Parse("10.9.0.0/24"), Cidr.Parse("10.0.0.0/16")], Cancellation)).ShouldBe(
        [
            new(2, 7, 24, 1, 0, 14, 1),
            new(0, 0, 0, 0, 0, 0, 0),
            new(3, 7, 40, 1, 0, 14, 1),
        ]);
    }

    [Fact]
    public async Task Addresses_are_found_by_handle_holder_range_and_borrowing_page_by_page()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Showing(
            Stands("10.0.0.0/28", A), Stands("10.0.0.16/28", B), Stands("10.0.0.32/28"),
            Held("10.0.0.1", handle: "web"), Held("10.0.0.2", handle: "db", holder: B), Held("10.0.0.17"), Held("10.0.0.33", handle: "web"), Held("fd00::1", handle: "web")));

        async Task<(string[] Ips, bool More)> Find(AddressFilter filter)
        {
            var page = await under.Views.FindAddressesAsync(filter, Cancellation);
            return ([.. page.Items.Select(row => row.Ip.ToString())], page.More);
        }

        (await Find(new() { Handle = "web" })).Ips.ShouldBe(["10.0.0.1", "10.0.0.33", "fd00::1"]);
        (await Find(new() { Holder = B })).Ips.ShouldBe(["10.0.0.2"]);
        (await Find(new() { Range = Cidr.Parse("10.0.0.0/27"), Holder = A })).Ips.ShouldBe(["10.0.0.1", "10.0.0.17"]);
        (await Find(new() { Borrowed = true })).Ips.ShouldBe(["10.0.0.2", "10.0.0.17", "10.0.0.33", "fd00::1"]);
        (await Find(new() { Borrowed = false, Handle = "web" })).Ips.ShouldBe(["10.0.0.1"]);
        var first = await Find(new() { Limit = 2 });
        (first.Ips, first.More).ShouldBe((["10.0.0.1", "10.0.0.2"], true), new PageComparer());
        var last = await Find(new() { Limit = 3, After = Ip("10.0.0.2") });
        (last.Ips, last.More).ShouldBe((["10.0.0.17", "10.0.0.33", "fd00::1"], false), new PageComparer());
        (await under.Views.AddressesOfHandleAsync("web", Cancellation)).Select(row => row.Ip.ToString()).ShouldBe(["10.0.0.1", "10.0.0.33", "fd00::1"]);
        (await under.Views.AddressesAsync([Ip("fd00::1"), Ip("10.0.0.9"), Ip("10.0.0.2"), Ip("fd00::1")], Cancellation)).Select(row => row.Ip.ToString())
            .ShouldBe(["10.0.0.2", "fd00::1"]);
    }

    [Fact]
    public async Task Who_held_an_address_is_found_also_when_others_had_it_for_no_time_at_all_behind_him()
    {
        await using var under = await source.OpenAsync();
        AddressHistoryRow Past(long generation) => new(Row("10.0.0.1", generation), "web", At(20), "released");
        await under.WinAsync(Showing(new IpamViewChange.HoldingRetold(Ip("10.0.0.1"), 20, Past(20))));
        await under.WinAsync(Showing(new IpamViewChange.HoldingRetold(Ip("10.0.0.1"), 5, Past(5))));

        (await under.Past.AddressAtAsync(Ip("10.0.0.1"), At(15), Cancellation))!.Generation.ShouldBe(5);
        (await under.Past.FindAddressesAtAsync(new(), At(15), Cancellation)).Items.Select(row => row.Generation).ShouldBe([5L]);
        (await under.Past.AddressAtAsync(Ip("10.0.0.1"), At(20), Cancellation)).ShouldBeNull();
        (await under.Past.FindAddressesAtAsync(new(), At(20), Cancellation)).Items.ShouldBeEmpty();
    }

    private sealed class PageComparer : IEqualityComparer<(string[] Ips, bool More)>
    {
        public bool Equals((string[] Ips, bool More) x, (string[] Ips, bool More) y) => x.More == y.More && x.Ips.SequenceEqual(y.Ips);

        public int GetHashCode((string[] Ips, bool More) page) => HashCode.Combine(page.Ips.Length, page.More);
    }
}

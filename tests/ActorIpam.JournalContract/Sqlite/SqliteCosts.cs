using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.JournalContract.Contracts;
using ActorIpam.Storage.Sqlite;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Sqlite;

/// <summary>A pool costs what is used of it, not what could be.</summary>
public sealed class SqliteCosts
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Claiming_and_assigning_costs_as_many_rows_and_bytes_in_a_large_range_as_in_a_small_one()
    {
        var small = await CostOfAsync(Cidr.Parse("10.0.0.0/24"), blockLength: 28);
        var large = await CostOfAsync(Cidr.Parse("10.0.0.0/8"), blockLength: 28);
        var vast = await CostOfAsync(Cidr.Parse("fd00::/48"), blockLength: 124);

        large.ShouldBe(small);
        // A key of IPv6 is longer, not more.
        (vast with { Bytes = small.Bytes, Steps = small.Steps }).ShouldBe(small);
        vast.Bytes.ShouldBeInRange(small.Bytes, small.Bytes + (4 * 4096));
    }

    [Fact]
    public async Task A_walk_reads_the_blocks_it_returns_and_not_the_full_ones()
    {
        (await StepsOfWalkAsync(full: 2_000)).ShouldBe(await StepsOfWalkAsync(full: 20));
    }

    private static async Task<SqliteStatistics> CostOfAsync(Cidr range, int blockLength)
    {
        using var folder = new ScratchFolder();
        await using var journal = await folder.OpenAsync();
        var before = await journal.StatisticsAsync(Cancellation);
        var pool = Head.None;
        for (uint number = 0; number < 10; number++)
        {
            var block = new BlockGrid(range, blockLength).BlockAt(number);
            var seen = await journal.RoomAsync(new([new(range, block.First)], 4, [Policy]), Cancellation);
            seen.Walks[0].Blocks.Length.ShouldBe((int)Math.Min(4, number));
            var stream = new StreamId($"block/number-{number}");
            var unit = Unit(Append(Pool, pool), Append(stream, Head.None)) with
            {
                Views = [new IpamViewChange.BlockStands(BlockOf(block.ToString(), A, free: 15)), new IpamViewChange.AddressHeld(Row("10.0.0.1") with { Ip = block.First, Block = block })],
            };
            (await journal.AppendAsync([unit]))[0].ShouldBeOfType<Outcome.Won>();
            pool = pool.Next(unit.Commit);
        }

        return Difference(before, await journal.StatisticsAsync(Cancellation));
    }

    private static async Task<long> StepsOfWalkAsync(int full)
    {
        using var folder = new ScratchFolder();
        await using var journal = await folder.OpenAsync();
        var grid = new BlockGrid(Cidr.Parse("10.0.0.0/8"), 28);
        var views = ImmutableArray.CreateBuilder<ViewChange>();
        for (uint number = 0; number < full; number++)
        {
            views.Add(Stands(grid.BlockAt(number).ToString(), A, free: number % 10 == 5 && number < 20 ? 1 : 0));
        }

        (await journal.AppendAsync([Unit() with { Views = views.ToImmutable() }]))[0].ShouldBeOfType<Outcome.Won>();
        var before = await journal.StatisticsAsync(Cancellation);

        var sight = await journal.RoomAsync(new([new(grid.Range, grid.BlockAt(10).First)], 8, []), Cancellation);

        sight.Walks[0].Blocks.Select(row => row.Block).ShouldBe([grid.BlockAt(15), grid.BlockAt(5)]);
        return Difference(before, await journal.StatisticsAsync(Cancellation)).Steps;
    }

    private static SqliteStatistics Difference(SqliteStatistics before, SqliteStatistics after) => new(
        after.Statements - before.Statements,
        after.RowsRead - before.RowsRead,
        after.RowsChanged - before.RowsChanged,
        after.Steps - before.Steps,
        after.Bytes);
}

using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Pools;
using ActorIpam.EventSourcing;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;

namespace ActorIpam.Specs.Pools;

public class PoolSpecs
{
    private static readonly BlockGrid Grid = new(Cidr.Parse("10.0.0.0/24"), 28);
    private static readonly HashSet<Cidr> NobodyElse = [];
    private static readonly Owner East = Owner.Host("east");

    [Fact]
    public void A_search_begins_at_the_start_of_the_host_and_goes_around_the_end()
    {
        var pool = Claimed(14, 15, 0);
        BlockWalk.FirstUnclaimed(pool, 14, ReservedRanges.None, NobodyElse).ShouldBe(Grid.BlockAt(1));
        BlockWalk.FirstUnclaimed(pool, 5, ReservedRanges.None, NobodyElse).ShouldBe(Grid.BlockAt(5));
    }

    [Fact]
    public void A_search_passes_over_orphans_and_blocks_that_reservations_cover_together()
    {
        var reserved = ReservedRanges.From(["10.0.0.0/29", "10.0.0.8/29", "10.0.0.16/28"]);
        BlockWalk.FirstUnclaimed(Pool.On(Grid), 0, reserved, new HashSet<Cidr> { Grid.BlockAt(2) }).ShouldBe(Grid.BlockAt(3));
    }

    [Fact]
    public void A_search_ends_when_every_block_is_claimed() =>
        BlockWalk.FirstUnclaimed(Claimed([.. Enumerable.Range(0, 16)]), 3, ReservedRanges.None, NobodyElse).ShouldBeNull();

    [Fact]
    public void The_last_free_block_of_a_large_pool_is_found_without_walking_it()
    {
        var grid = new BlockGrid(Cidr.Parse("10.0.0.0/8"), 26);
        var runs = ClaimedRuns.None;
        for (var i = 0; i < 262_144; i++)
        {
            runs = i == 200_000 ? runs : runs.With((uint)i);
        }

        runs.RunEnd(0).ShouldBe((UInt128)199_999);
        runs.RunEnd(200_001).ShouldBe((UInt128)262_143);
        runs.RunEnd(200_000).ShouldBeNull();
        grid.BlockAt(200_000).ShouldBe(Cidr.Parse("10.195.80.0/26"));
    }

    [Fact]
    public void A_reservation_over_all_but_the_last_block_of_an_ipv6_48_is_jumped_at_once()
    {
        var grid = new BlockGrid(Cidr.Parse("fd00::/48"), 122);
        var last = grid.BlockAt(grid.Count - 1);
        var reserved = ReservedRanges.From(Enumerable.Range(49, 74).Select(length => HalfBeside(last, length).ToString()));
        BlockWalk.FirstUnclaimed(Pool.On(grid), 0, reserved, NobodyElse).ShouldBe(last);
    }

    [Fact]
    public void The_start_of_a_host_is_always_the_same_and_hosts_spread_over_the_pool()
    {
        BlockWalk.Start("node-a", Grid).ShouldBe(BlockWalk.Start("node-a", Grid));
        var starts = Enumerable.Range(0, 1600).CountBy(i => BlockWalk.Start($"host-{i}", Grid)).ToDictionary();
        starts.Count.ShouldBe(16);
        starts.Values.Min().ShouldBeGreaterThan(50);
        starts.Values.Max().ShouldBeLessThan(150);
    }

    [Fact]
    public void A_block_is_claimed_once_at_a_time()
    {
        var pool = Claimed(3);
        Should.Throw<InvariantViolationException>(() => pool.Apply(new PoolEvent.BlockClaimed(Grid.BlockAt(3), East, "demand"))).Law.ShouldBe("INV-5");
        pool.Apply(new PoolEvent.BlockGivenBack(Grid.BlockAt(3), "test")).Owners.ShouldBeEmpty();
        pool.Apply(new PoolEvent.BlockOrphaned(Grid.BlockAt(3), "test")).Claimed.RunEnd(3).ShouldBeNull();
    }

    [Fact]
    public void The_end_of_a_claim_nobody_made_stops_the_pool() =>
        Should.Throw<InvariantViolationException>(() => Pool.On(Grid).Apply(new PoolEvent.BlockGivenBack(Grid.BlockAt(1), "test"))).Law.ShouldBe("INV-5");

    [Fact]
    public void Runs_agree_with_a_set_of_numbers_whatever_is_taken_and_given_back() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(), steps =>
        {
            var (runs, set) = (ClaimedRuns.None, new HashSet<int>());
            foreach (var step in steps)
            {
                var index = step % 32;
                runs = set.Add(index) ? runs.With((uint)index) : runs.Without((uint)index);
                _ = runs.RunEnd((uint)index) is not null || set.Remove(index);
            }

            return Enumerable.Range(0, 32).All(index => runs.RunEnd((uint)index) == End(set, index));
        }).QuickCheckThrowOnFailure();

    private static UInt128? End(HashSet<int> set, int index)
    {
        if (!set.Contains(index))
        {
            return null;
        }

        while (set.Contains(index + 1))
        {
            index++;
        }

        return (uint)index;
    }

    /// <summary>The half of the range of this length around the block in which the block does not lie.</summary>
    private static Cidr HalfBeside(Cidr block, int length)
    {
        var half = Cidr.Containing(block.First, length);
        var size = UInt128.One << (128 - length);
        return new(new(IpFamily.V6, half.First.Value ^ size), length);
    }

    private static Pool Claimed(params int[] indexes) =>
        indexes.Aggregate(Pool.On(Grid), static (pool, index) => pool.Apply(new PoolEvent.BlockClaimed(Grid.BlockAt((uint)index), East, "demand")));
}

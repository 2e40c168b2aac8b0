using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;
using Shouldly;

namespace ActorIpam.Specs.Catalog;

public class PoolArithmeticSpecs
{
    [Theory]
    [InlineData("10.0.0.0/24", 26, 3, RefusalCode.PartsInvalid)]
    [InlineData("10.0.0.0/24", 26, 1, RefusalCode.PartsInvalid)]
    [InlineData("10.0.0.0/24", 26, int.MinValue, RefusalCode.PartsInvalid)]
    [InlineData("10.0.0.0/24", 26, 512, RefusalCode.CidrNotLargeEnough)]
    [InlineData("10.0.0.0/24", 26, 8, RefusalCode.ChildSmallerThanBlock)]
    [InlineData("fd00::/32", 122, 1 << 20, RefusalCode.TooMany)]
    public void A_split_that_does_not_fit_is_refused(string range, int blockLength, int parts, RefusalCode code) =>
        PoolSplit.Divide(Cidr.Parse(range), blockLength, parts).Codes().ShouldBe([code]);

    [Fact]
    public void The_parts_of_a_split_tile_the_range_in_order()
    {
        var parts = PoolSplit.Divide(Cidr.Parse("fd00::/64"), 122, 16).Value;
        parts[0].First.ShouldBe(IpAddress.Parse("fd00::"));
        parts[^1].Last.ShouldBe(Cidr.Parse("fd00::/64").Last);
        parts.Zip(parts.Skip(1)).ShouldAllBe(pair => pair.First.Last.Plus(1) == pair.Second.First);
    }

    [Fact]
    public void The_name_of_a_part_stays_a_valid_name()
    {
        PoolSplit.ChildName("web", 3).ShouldBe("split-web-3");
        PoolSplit.ChildName(new string('x', 253), 3).Length.ShouldBe(253);
        PoolSplit.ChildName(new string('x', 253), 65_535).Length.ShouldBeLessThanOrEqualTo(253);
    }

    [Theory]
    [InlineData(3, 1, 29)]
    [InlineData(1, 0, 31)]
    [InlineData(33, 1, 26)]
    public void A_host_reservation_needs_blocks_larger_than_itself(int start, int end, int length)
    {
        HostReservationRules.LargestBlockLength(IpFamily.V4, start, end).Value.ShouldBe(length);
        HostReservationRules.LargestBlockLength(IpFamily.V6, start, end).Value.ShouldBe(length + 96);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 3)]
    public void A_host_reservation_of_nothing_is_refused(int start, int end) =>
        HostReservationRules.LargestBlockLength(IpFamily.V4, start, end).IsRefused.ShouldBeTrue();

    [Fact]
    public void Reserved_addresses_inside_blocks_are_not_missed_twice() =>
        PoolSpace.Of(Cidr.Parse("10.0.0.0/24"), ReservedRanges.From(["10.0.0.32/27", "10.0.0.64/28"]), [Cidr.Parse("10.0.0.0/26"), Cidr.Parse("10.9.0.0/26")])
            .ShouldBe(new PoolSpace(256, 48, 176));

    [Fact]
    public void Counts_of_huge_pools_saturate() =>
        PoolSpace.Of(Cidr.Parse("fd00::/8"), ReservedRanges.From(["fd00::/9"]), []).ShouldBe(new PoolSpace(long.MaxValue, long.MaxValue, long.MaxValue));

    [Fact]
    public void An_allocatable_pool_is_never_displaced_by_a_newcomer()
    {
        var noon = Given.Noon;
        var serving = new PoolStanding("z", Cidr.Parse("10.0.0.0/24"), noon.AddDays(1), Allocatable: true);
        var older = new PoolStanding("a", Cidr.Parse("10.0.0.0/16"), noon);
        var verdicts = PoolOverlap.Judge([older, serving, new("v6", Cidr.Parse("fd00::/64"), noon)]);
        verdicts["z"].ShouldBe(new PoolVerdict(true, "OK"));
        verdicts["a"].ShouldBe(new PoolVerdict(false, "CIDROverlap"));
        verdicts["v6"].ShouldBe(new PoolVerdict(true, "OK"));
    }

    [Fact]
    public void A_deleted_pool_masks_and_a_disabled_one_does_not()
    {
        var wide = new PoolStanding("wide", Cidr.Parse("10.0.0.0/16"), Given.Noon);
        var narrow = new PoolStanding("narrow", Cidr.Parse("10.0.0.0/24"), Given.Noon);
        PoolOverlap.Judge([wide with { Deleting = true }, narrow])["narrow"].ShouldBe(new PoolVerdict(false, "CIDROverlap"));
        PoolOverlap.Judge([wide with { Disabled = true }, narrow])["narrow"].ShouldBe(new PoolVerdict(true, "OK"));
    }
}

using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;

namespace ActorIpam.Specs.Catalog;

public class ReservedRangesSpecs
{
    private static readonly Cidr World = Cidr.Parse("10.0.0.0/25");

    private static Gen<Cidr> Small =>
        from offset in Gen.Choose(0, 127)
        from length in Gen.Choose(25, 32)
        select Cidr.Containing(World.First.Plus((UInt128)offset), length);

    [Fact]
    public void They_agree_with_a_set_of_addresses()
    {
        var cases = from reserved in Gen.ListOf(Small) from asked in Small select (reserved: reserved.ToArray(), asked);

        Prop.ForAll(cases.ToArbitrary(), it =>
        {
            var ranges = ReservedRanges.From(it.reserved.Select(range => range.ToString()));
            var set = it.reserved.SelectMany(All).ToHashSet();
            var inside = All(it.asked).Count(set.Contains);
            return All(World).All(address => ranges.Holds(address) == set.Contains(address))
                && ranges.CountIn(it.asked) == (UInt128)inside
                && ranges.Touches(it.asked) == inside > 0
                && ranges.Covers(it.asked) == (inside == All(it.asked).Count());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void A_run_ends_before_the_first_free_address()
    {
        Prop.ForAll(Gen.ListOf(Small).ToArbitrary(), reserved =>
        {
            var ranges = ReservedRanges.From(reserved.Select(range => range.ToString()));
            return All(World).All(address => ranges.RunEnd(address) is not { } end
                ? !ranges.Holds(address)
                : ranges.Holds(end) && !ranges.Holds(end.Plus(1)) && end >= address);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void What_cannot_be_read_is_skipped_and_blanks_are_trimmed() =>
        ReservedRanges.From(["", "  ", "x", "10.0.0.0/33", " 10.0.0.7 ", "fd00::1", "10.1.2.3/16"]).Parsed
            .Select(range => range.ToString()).ShouldBe(["10.0.0.7/32", "fd00::1/128", "10.1.0.0/16"]);

    [Fact]
    public void Families_never_mix()
    {
        var ranges = ReservedRanges.From(["255.255.255.255", "::", "0.0.0.0"]);
        ranges.RunEnd(IpAddress.Parse("255.255.255.255")).ShouldBe(IpAddress.Parse("255.255.255.255"));
        ranges.RunEnd(IpAddress.Parse("::")).ShouldBe(IpAddress.Parse("::"));
        ranges.CountIn(Cidr.Parse("::/0")).ShouldBe(UInt128.One);
        ranges.CountIn(Cidr.Parse("0.0.0.0/0")).ShouldBe((UInt128)2);
    }

    [Fact]
    public void All_of_IPv6_can_be_reserved()
    {
        var ranges = ReservedRanges.From(["::/0"]);
        ranges.Covers(Cidr.Parse("fd00::/8")).ShouldBeTrue();
        ranges.CountIn(Cidr.Parse("fd00::/8")).ShouldBe(UInt128.One << 120);
    }

    private static IEnumerable<IpAddress> All(Cidr range)
    {
        for (var offset = UInt128.Zero; offset < range.Size; offset++)
        {
            yield return range.First.Plus(offset);
        }
    }
}

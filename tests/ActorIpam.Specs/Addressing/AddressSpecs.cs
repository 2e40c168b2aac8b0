using System.Buffers.Binary;
using System.Net;
using ActorIpam.Domain.Addressing;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;

namespace ActorIpam.Specs.Addressing;

public class AddressSpecs
{
    private static readonly Gen<IpAddress> V4 = Gen.Choose(int.MinValue, int.MaxValue)
        .Select(bits => new IpAddress(IpFamily.V4, unchecked((uint)bits)));

    /// <summary>Runs of zero bytes are frequent, so that every place of "::" is met.</summary>
    private static readonly Gen<IpAddress> V6 = Gen.ArrayOf(Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(0, 255))), 16)
        .Select(bytes => new IpAddress(IpFamily.V6, BinaryPrimitives.ReadUInt128BigEndian([.. bytes.Select(value => (byte)value)])))
        .Where(address => address.Value >> 32 != 0xffff);

    private static Gen<IpAddress> Any => Gen.OneOf(V4, V6);

    private static Gen<Cidr> AnyRange =>
        from address in Any
        from length in Gen.Choose(0, address.Family.Bits())
        select Cidr.Containing(address, length);

    [Fact]
    public void Printing_and_parsing_an_address_gives_it_back() =>
        Prop.ForAll(Any.ToArbitrary(), address => IpAddress.Parse(address.ToString()) == address).QuickCheckThrowOnFailure();

    [Fact]
    public void The_text_of_an_address_is_the_one_of_the_platform() =>
        Prop.ForAll(Any.ToArbitrary(), address => address.ToString() == IPAddress.Parse(address.ToString()).ToString()).QuickCheckThrowOnFailure();

    [Fact]
    public void Printing_and_parsing_a_range_gives_it_back() =>
        Prop.ForAll(AnyRange.ToArbitrary(), range => Cidr.Parse(range.ToString()) == range).QuickCheckThrowOnFailure();

    [Fact]
    public void A_range_holds_the_addresses_that_the_platform_says_it_holds()
    {
        var near = from range in AnyRange
                   from address in Gen.OneOf(Any, Gen.Elements(range.First, range.Last, After(range.Last), Before(range.First)))
                   select (range, address);

        Prop.ForAll(near.ToArbitrary(), pair =>
            pair.range.Contains(pair.address) == IPNetwork.Parse(pair.range.ToString()).Contains(IPAddress.Parse(pair.address.ToString())))
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Ranges_overlap_only_when_one_contains_the_other()
    {
        var pairs = from left in AnyRange
                    from right in Gen.OneOf(AnyRange, Gen.Choose(0, left.Family.Bits()).Select(length => Cidr.Containing(left.First, length)))
                    select (left, right);

        Prop.ForAll(pairs.ToArbitrary(), pair =>
            pair.left.Overlaps(pair.right) == (pair.left.Family == pair.right.Family && pair.left.First <= pair.right.Last && pair.right.First <= pair.left.Last))
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("010.0.0.1")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.4.5")]
    [InlineData(" 1.2.3.4")]
    [InlineData("1.2.3.-4")]
    [InlineData("::ffff:1.2.3.4")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("::1::")]
    [InlineData("::1.2.3.04")]
    [InlineData("")]
    public void What_is_no_address_is_refused(string text) => IpAddress.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/08")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/8 ")]
    [InlineData("10.0.0.0/")]
    [InlineData("/8")]
    [InlineData("fd00::/129")]
    [InlineData("10.0.0.0/8/8")]
    public void What_is_no_range_is_refused(string text) => Cidr.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Host_bits_are_masked_and_can_be_seen()
    {
        Cidr.TryParse("10.1.2.3/24", out var range, out var written).ShouldBeTrue();
        range.ToString().ShouldBe("10.1.2.0/24");
        written.ToString().ShouldBe("10.1.2.3");
        Should.Throw<FormatException>(() => Cidr.Parse("10.1.2.3/24"));
    }

    [Fact]
    public void Every_block_of_a_grid_is_found_by_its_number_and_by_its_addresses()
    {
        var grid = new BlockGrid(Cidr.Parse("fd00::/112"), 122);
        grid.Count.ShouldBe((UInt128)1024);
        for (var i = UInt128.Zero; i < grid.Count; i++)
        {
            var block = grid.BlockAt(i);
            grid.IndexOf(block).ShouldBe(i);
            grid.BlockOf(block.Last).ShouldBe(block);
        }

        Should.Throw<ArgumentOutOfRangeException>(() => grid.BlockAt(1024));
    }

    private static IpAddress After(IpAddress address) => address.Value == Most(address.Family) ? address : new(address.Family, address.Value + 1);

    private static IpAddress Before(IpAddress address) => address.Value == 0 ? address : new(address.Family, address.Value - 1);

    private static UInt128 Most(IpFamily family) => family == IpFamily.V4 ? uint.MaxValue : UInt128.MaxValue;
}

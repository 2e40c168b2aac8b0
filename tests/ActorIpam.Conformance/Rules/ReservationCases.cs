using ActorIpam.Conformance.Cases;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;

namespace ActorIpam.Conformance.Rules;

/// <summary>arithmetic.yaml: reservations and the room they leave.</summary>
internal static class ReservationCases
{
    public static void Filter(Case one, Findings findings)
    {
        var reserved = ReservedRanges.From(one.Fields.Texts("reserved"));
        findings.Sequence("address_reserved, but free", [], one.Fields.Texts("address_reserved").Where(ip => !reserved.Holds(IpAddress.Parse(ip))));
        findings.Sequence("address_free, but reserved", [], one.Fields.Texts("address_free").Where(ip => reserved.Holds(IpAddress.Parse(ip))));
        findings.Sequence("cidr_fully_reserved, but is not", [], one.Fields.Texts("cidr_fully_reserved").Where(cidr => !reserved.Covers(Cidr.Parse(cidr))));
        findings.Sequence("cidr_not_fully_reserved, but is", [], one.Fields.Texts("cidr_not_fully_reserved").Where(cidr => reserved.Covers(Cidr.Parse(cidr))));
        one.Fields.NoOthers();
    }

    public static void Parsing(Case one, Findings findings)
    {
        var parsed = ReservedRanges.From([.. one.Fields.Get("input").List().Select(item => item.IsNull ? "" : item.Text())]).Parsed;
        findings.Sequence("parsed", one.Fields.Texts("parsed").Select(Cidr.Parse), parsed);
        one.Fields.NoOthers();
    }

    public static void Space(Case one, Findings findings)
    {
        var space = PoolSpace.Of(
            Cidr.Parse(one.Fields.Text("pool")),
            ReservedRanges.From(one.Fields.Texts("reserved")),
            one.Fields.Texts("blocks").Select(Cidr.Parse));
        findings.Equal("capacity", Count(one.Fields.Get("capacity")), space.Capacity);
        findings.Equal("reserved_count", Count(one.Fields.Get("reserved_count")), space.Reserved);
        findings.Equal("available_outside_blocks", Count(one.Fields.Get("available_outside_blocks")), space.AvailableOutsideBlocks);
        one.Fields.NoOthers();
    }

    /// <summary>A count; the largest there is, where counts saturate, is written <c>int_max</c>.</summary>
    public static long Count(Value value) => value.Text() == "int_max" ? long.MaxValue : value.Number();
}

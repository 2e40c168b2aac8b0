using System.Globalization;
using ActorIpam.Conformance.Cases;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Conformance.Rules;

/// <summary>arithmetic.yaml: blocks, splits and host reservations.</summary>
internal static class ArithmeticCases
{
    public static void BlockMath(Case one, Findings findings)
    {
        var grid = new BlockGrid(Cidr.Parse(one.Fields.Text("cidr")), one.Fields.Get("blockSize").Int());
        findings.Equal("blocks", UInt128.Parse(one.Fields.Text("blocks"), CultureInfo.InvariantCulture), grid.Count);
        findings.Equal("addresses_per_block", one.Fields.Get("addresses_per_block").Int(), grid.BlockAddresses);
        findings.Equal("first_block", Cidr.Parse(one.Fields.Text("first_block")), grid.BlockAt(0));
        findings.Equal("last_block", Cidr.Parse(one.Fields.Text("last_block")), grid.BlockAt(grid.Count - 1));
        findings.Equal("number of the last block", grid.Count - 1, grid.IndexOf(grid.BlockAt(grid.Count - 1)));
        one.Fields.NoOthers();
    }

    public static void BlockOfAddress(Case one, Findings findings)
    {
        var address = IpAddress.Parse(one.Fields.Text("address"));
        var pool = Cidr.Parse(one.Fields.Text("pool"));
        var block = new BlockGrid(pool, one.Fields.Get("blockSize").Int()).BlockOf(address);
        findings.True("the address lies outside of the pool", pool.Contains(address));
        findings.Equal("block", Cidr.Parse(one.Fields.Text("block")), block);
        findings.Equal("ordinal", (UInt128)one.Fields.Get("ordinal").Int(), address.Value - block.First.Value);
        one.Fields.NoOthers();
    }

    public static void Split(Case one, Findings findings)
    {
        var range = Cidr.Parse(one.Fields.Text("cidr"));

        // A case that lists children is about the arithmetic alone, whatever blocks the pool has; one that expects a refusal is about a pool of default blocks.
        var usual = one.Fields.TextOrNull("expect") == "error" ? ResourceDefaults.DefaultBlockSize(range.Family) : range.Family.Bits();
        var blockLength = one.Fields.Int("blockSize", usual);
        var children = PoolSplit.Divide(range, blockLength, one.Fields.Get("parts").Int());
        if (Verdict.Of(one.Fields, children.Refusals, findings) && one.Fields.Find("children") is { } expected)
        {
            findings.Sequence("children", expected.Texts().Select(Cidr.Parse), children.Value);
        }

        one.Fields.NoOthers();
    }

    public static void HostReservation(Case one, Findings findings)
    {
        var family = one.Fields.Get("version").Int() switch
        {
            4 => IpFamily.V4,
            6 => IpFamily.V6,
            var other => throw new CaseFormatException(one.Id, $"there is no IP version {other}."),
        };
        var length = HostReservationRules.LargestBlockLength(family, one.Fields.Get("start").Int(), one.Fields.Get("end").Int());
        if (Verdict.Of(one.Fields, length.Refusals, findings))
        {
            findings.Equal("max_block_prefix", one.Fields.Get("max_block_prefix").Int(), length.Value);
        }

        one.Fields.NoOthers();
    }
}

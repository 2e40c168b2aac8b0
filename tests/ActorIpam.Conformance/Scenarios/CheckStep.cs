using ActorIpam.Conformance.Cases;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Conformance.Scenarios;

/// <summary>Looks at everything at once: blocks, owners, holders.</summary>
internal static class CheckStep
{
    public static async Task CheckAsync(Step step)
    {
        var blocks = await Listing.BlocksAsync(step.Door);
        var held = await Listing.AddressesAsync(step.Door, new());
        var (expect, findings) = (step.Expect, step.Expect.Findings);

        // Whatever a case asks for, the two views must tell the same story (INV-6, INV-7).
        findings.Equal("assigned by the blocks and by the addresses", held.Count, blocks.Sum(block => block.Assigned));
        findings.Equal("borrowed by the blocks and by the addresses", held.Count(one => one.Borrowed), blocks.Sum(block => block.Borrowed));

        expect.Number("blocks", blocks.Length);
        expect.Number("unowned", blocks.Count(block => block.Host is null));
        expect.Number("allocated", held.Count);
        expect.Number("borrowed", held.Count(one => one.Borrowed));
        Each(expect, "affine", (node, owned) =>
            findings.Equal($"affine {node}", owned.Number(), blocks.Count(block => block.Host == node)));
        Each(expect, "handles", (handle, count) =>
            findings.Equal($"handles {handle}", count.Number(), held.Count(one => one.Handle == handle)));
        Each(expect, "in_pool", (pool, count) =>
            findings.Equal($"in_pool {pool}", count.Number(), held.Count(one => Cidr.Parse(pool).Contains(IpAddress.Parse(one.Address)))));
        Each(expect, "owner", (cidr, owner) => Owner(findings, cidr, owner, blocks.FirstOrDefault(block => block.Cidr == cidr)));
    }

    private static void Owner(Findings findings, string cidr, Value owner, BlockView? block)
    {
        if (block is null)
        {
            findings.Add($"owner {cidr}: the block does not exist");
            return;
        }

        findings.Equal($"owner {cidr}", owner.IsNull ? null : owner.Text(), block.Host);
    }

    private static void Each(Expectation expect, string name, Action<string, Value> compare)
    {
        foreach (var (key, value) in expect.Fields?.Find(name)?.Map().Take() ?? [])
        {
            compare(key, value);
        }
    }
}

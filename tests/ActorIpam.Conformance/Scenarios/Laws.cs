using ActorIpam.Conformance.Cases;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Pools;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;

namespace ActorIpam.Conformance.Scenarios;

/// <summary>What must hold when a scenario is over, whatever it was about.</summary>
internal static class Laws
{
    public static void Check(JournalState state, Findings findings)
    {
        CheckVersions(state, findings.At("INV-8"));
        CheckBlocks(state, findings.At("INV-7"));
        CheckOwners(state, findings.At("INV-5"));
    }

    /// <summary>The rows of a stream run without a gap up to its head.</summary>
    private static void CheckVersions(JournalState state, Findings findings)
    {
        foreach (var (stream, rows) in state.Rows)
        {
            findings.Sequence($"versions of {stream}", Enumerable.Range(1, (int)state.HeadOf(stream).Version).Select(version => (long)version), rows.Keys);
        }
    }

    /// <summary>Replaying a block's events gives what the views show of it.</summary>
    private static void CheckBlocks(JournalState state, Findings findings)
    {
        foreach (var (stream, rows) in state.Rows.Where(stream => stream.Key.Value.StartsWith("block/", StringComparison.Ordinal)))
        {
            var range = Cidr.Parse(stream.Value["block/".Length..]);
            var block = Events(rows, BlockEventCodec.Instance).Aggregate(Block.At(range), (block, fact) => block.Apply(fact));
            findings.Equal($"the view of {range}", block.IsOpen ? block.Row(state.HeadOf(stream).Version) : null, state.Blocks.GetValueOrDefault(range));
            findings.Equal($"addresses held in {range}", block.Assigned, state.Addresses.Values.Count(row => row.Block == range));
        }
    }

    /// <summary>A pool's claims are the owned blocks, each with its owner.</summary>
    private static void CheckOwners(JournalState state, Findings findings)
    {
        var owners = new Dictionary<Cidr, Owner>();
        foreach (var (_, rows) in state.Rows.Where(stream => stream.Key.Value.StartsWith("pool/", StringComparison.Ordinal)))
        {
            foreach (var fact in Events(rows, PoolEventCodec.Instance))
            {
                Follow(owners, fact);
            }
        }

        findings.Bag(
            "claims of the pools and owners of the blocks",
            owners.Select(claim => $"{claim.Key} {claim.Value}"),
            state.Blocks.Values.Where(row => row.Owner is not null).Select(row => $"{row.Block} {row.Owner}"));
    }

    private static void Follow(Dictionary<Cidr, Owner> owners, PoolEvent fact)
    {
        switch (fact)
        {
            case PoolEvent.BlockClaimed claimed:
                owners.Add(claimed.Block, claimed.Owner);
                break;
            case PoolEvent.BlockGivenBack back:
                owners.Remove(back.Block);
                break;
            case PoolEvent.BlockOrphaned orphaned:
                owners.Remove(orphaned.Block);
                break;
        }
    }

    private static IEnumerable<TEvent> Events<TEvent>(IEnumerable<KeyValuePair<long, JournalRow>> rows, IEventCodec<TEvent> codec) =>
        rows.SelectMany(row => codec.Read(row.Value.Events, row.Value.Schema));
}

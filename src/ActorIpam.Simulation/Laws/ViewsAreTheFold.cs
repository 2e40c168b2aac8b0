using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Pools;
using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-7: the fold of every row that was written is what the views show. INV-5: pool, block stream and block view agree on who owns a block.</summary>
public static class ViewsAreTheFold
{
    public static IEnumerable<Violation> Judge(History history)
    {
        var rows = history.Commits.SelectMany(commit => commit.Unit.Appends).ToLookup(append => append.Stream.Value[..(append.Stream.Value.IndexOf('/', StringComparison.Ordinal) + 1)]);
        Dictionary<Cidr, (Block State, long Version)> blocks;
        try
        {
            blocks = Fold(rows["block/"]);
        }
        catch (InvariantViolationException contradiction)
        {
            return [new("INV-7", Exchange.Never, $"What was written cannot be replayed: {contradiction.Message}")];
        }

        return [.. Blocks(history, blocks), .. Addresses(history, blocks), .. Owners(history, Claims(rows["pool/"]))];
    }

    internal static Dictionary<Cidr, (Block State, long Version)> Fold(IEnumerable<Append> appends)
    {
        var blocks = new Dictionary<Cidr, (Block State, long Version)>();
        foreach (var append in appends)
        {
            var range = Cidr.Parse(append.Stream.Value["block/".Length..]);
            var state = blocks.TryGetValue(range, out var known) ? known.State : Block.At(range);
            blocks[range] = (BlockEventCodec.Instance.Read(append.Events, append.Schema).Aggregate(state, (block, fact) => block.Apply(fact)), append.Expected.Version + 1);
        }

        return blocks;
    }

    private static IEnumerable<Violation> Blocks(History history, Dictionary<Cidr, (Block State, long Version)> blocks)
    {
        foreach (var (range, (state, version)) in blocks)
        {
            var shown = history.Final.Blocks.GetValueOrDefault(range);
            var folded = state.IsOpen ? state.Row(version) : null;
            if (shown != folded)
            {
                yield return new("INV-7", Exchange.Never, $"{range} is shown as {shown?.ToString() ?? "gone"}, its events say {folded?.ToString() ?? "gone"}.");
            }
        }
    }

    private static IEnumerable<Violation> Addresses(History history, Dictionary<Cidr, (Block State, long Version)> blocks)
    {
        var folded = from block in blocks.Values.Select(block => block.State)
                     where block.IsOpen
                     from ordinal in Enumerable.Range(0, block.Size)
                     let slot = block.Slots[ordinal]
                     where slot.State == SlotState.Held
                     select (block.AddressAt(ordinal), slot.Generation, slot.Handle, slot.Holder, slot.At);
        var shown = history.Final.Addresses.Values.Where(row => blocks.ContainsKey(row.Block)).Select(row => (row.Ip, row.Generation, row.Handle, row.Holder, row.Issued));
        return folded.Except(shown).Concat(shown.Except(folded)).Select(row => new Violation("INV-7", Exchange.Never, $"Events and views differ about {row}."));
    }

    /// <summary>Who owns which block, by the events of each pool: a block that moves is claimed by one pool and given back by another in one unit.</summary>
    private static Dictionary<(string Pool, Cidr Block), Owner> Claims(IEnumerable<Append> appends)
    {
        var claims = new Dictionary<(string Pool, Cidr Block), Owner>();
        foreach (var append in appends)
        {
            var pool = append.Stream.Value["pool/".Length..];
            foreach (var fact in PoolEventCodec.Instance.Read(append.Events, append.Schema))
            {
                _ = fact switch
                {
                    PoolEvent.BlockClaimed claimed => claims.TryAdd((pool, claimed.Block), claimed.Owner),
                    PoolEvent.BlockGivenBack back => claims.Remove((pool, back.Block)),
                    PoolEvent.BlockOrphaned orphaned => claims.Remove((pool, orphaned.Block)),
                    _ => false,
                };
            }
        }

        return claims;
    }

    private static IEnumerable<Violation> Owners(History history, Dictionary<(string Pool, Cidr Block), Owner> claims)
    {
        var owned = history.Final.Blocks.Values.Where(row => row.Owner is not null).Select(row => (row.Block, row.Pool, Owner: row.Owner!.Value)).ToHashSet();
        owned.SymmetricExceptWith(claims.Select(claim => (claim.Key.Block, claim.Key.Pool, claim.Value)));
        return owned.Select(block => new Violation("INV-5", Exchange.Never, $"Pool and block do not agree that {block.Block} of pool {block.Pool} is {block.Owner}'s."));
    }
}

using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Cli.Map;

/// <summary>What a map shows: a pool, its blocks in address order and who holds which address.</summary>
internal sealed record PoolMap(string Pool, Cidr Range, ImmutableArray<MapBlock> Blocks, MapHosts Hosts)
{
    /// <param name="pool">The pool's name.</param>
    /// <param name="range">Its range.</param>
    /// <param name="blocks">Its blocks.</param>
    /// <param name="held">The held addresses in it.</param>
    public static PoolMap Of(string pool, Cidr range, IEnumerable<BlockView> blocks, IEnumerable<AssignedAddress> held)
    {
        var byBlock = held.ToLookup(address => address.Block);
        var ordered = blocks.Select(view => (View: view, Range: Cidr.Parse(view.Cidr))).OrderBy(b => b.Range).ToList();
        var hosts = new MapHosts(ordered.Select(b => b.View.Host).Concat(ordered.SelectMany(b => byBlock[b.View.Cidr]).Select(a => a.Host)));
        return new(pool, range, [.. ordered.Select(b => MapBlock.Of(b.View, b.Range, byBlock[b.View.Cidr]))], hosts);
    }
}

/// <summary>One block: its figures and, address by address, its holder.</summary>
/// <param name="Holders">By place in the block; only held addresses. A holder without a name is the empty text.</param>
internal sealed record MapBlock(BlockView View, Cidr Range, ImmutableSortedDictionary<int, string> Holders)
{
    public int Size => (int)Range.Size;

    public static MapBlock Of(BlockView view, Cidr range, IEnumerable<AssignedAddress> held) => new(
        view,
        range,
        held.ToImmutableSortedDictionary(a => (int)(IpAddress.Parse(a.Address).Value - range.First.Value), a => a.Host ?? ""));
}

/// <summary>The hosts of a map in the order they appear in, each with a letter of its own as long as there are letters.</summary>
internal sealed class MapHosts
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Stands for every host behind the last letter.</summary>
    public const char Other = '?';

    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    public MapHosts(IEnumerable<string?> names)
    {
        foreach (var name in names)
        {
            if (!string.IsNullOrEmpty(name))
            {
                _places.TryAdd(name, _places.Count);
            }
        }
    }

    public IEnumerable<string> Names => _places.OrderBy(p => p.Value).Select(p => p.Key);

    public int Count => _places.Count;

    public static int MostLetters => Letters.Length;

    /// <summary>The host's place in the order; −1 for a holder without a name.</summary>
    public int PlaceOf(string name) => _places.GetValueOrDefault(name, -1);

    public char LetterOf(string name) => PlaceOf(name) is >= 0 and var place && place < Letters.Length ? Letters[place] : Other;
}

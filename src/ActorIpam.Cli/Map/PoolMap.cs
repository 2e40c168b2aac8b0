using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Map;

/// <summary>What a map shows: a pool, its blocks in address order and who holds which address.</summary>
/// <param name="Pool">The pool's name.</param>
/// <param name="Range">Its range.</param>
/// <param name="Capacity">How many blocks it can be carved into.</param>
/// <param name="Blocks">All its blocks.</param>
/// <param name="Shown">Those with a line of their own.</param>
/// <param name="Choice">What decided which.</param>
/// <param name="Hosts">The hosts of the blocks that are shown.</param>
internal sealed record PoolMap(string Pool, Cidr Range, UInt128 Capacity, ImmutableArray<MapBlock> Blocks, ImmutableArray<MapBlock> Shown, MapChoice Choice, MapHosts Hosts)
{
    /// <summary>A pool with more blocks than this shows only those that are in use, unless all are asked for.</summary>
    public const int ManyBlocks = 32;

    /// <summary>Blocks without a line of their own.</summary>
    public IEnumerable<MapBlock> Folded => Blocks.Except(Shown);

    /// <param name="pool">The pool.</param>
    /// <param name="blocks">Its blocks.</param>
    /// <param name="held">The held addresses in it.</param>
    /// <param name="choice">Which blocks get a line.</param>
    public static PoolMap Of(IpPool pool, IEnumerable<BlockView> blocks, IEnumerable<AssignedAddress> held, MapChoice choice)
    {
        var range = Cidr.Parse(pool.Spec.Cidr!);
        var byBlock = held.ToLookup(address => address.Block);
        ImmutableArray<MapBlock> ordered =
        [
            .. blocks.Select(view => (View: view, Range: Cidr.Parse(view.Cidr))).OrderBy(b => b.Range).Select(b => MapBlock.Of(b.View, b.Range, byBlock[b.View.Cidr])),
        ];
        ImmutableArray<MapBlock> shown = [.. ordered.Where(block => choice.Shows(block, ordered.Length))];
        var hosts = new MapHosts(shown.Select(b => b.View.Host).Concat(shown.SelectMany(b => b.Holders.Values)));
        return new(pool.Metadata.Name, range, CapacityOf(range, pool.Spec.BlockSize ?? DefaultBlockSize(range.Family)), ordered, shown, choice, hosts);
    }

    private static UInt128 CapacityOf(Cidr range, int blockSize) => UInt128.One << Math.Max(blockSize - range.Length, 0);

    private static int DefaultBlockSize(IpFamily family) => family == IpFamily.V4 ? ResourceDefaults.BlockSizeV4 : ResourceDefaults.BlockSizeV6;
}

/// <summary>Which blocks of a pool get a line.</summary>
/// <param name="All">Also those in which nothing is held, however many there are.</param>
/// <param name="Host">Only those that this host owns or holds an address in; null for every host's.</param>
internal sealed record MapChoice(bool All, string? Host)
{
    public bool Shows(MapBlock block, int blocks) => Host is not null
        ? block.View.Host == Host || block.Holders.ContainsValue(Host)
        : All || blocks <= PoolMap.ManyBlocks || block.Holders.Count > 0 || block.View.Cooling > 0;
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

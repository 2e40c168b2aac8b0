using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine;

/// <summary>The names of all streams (design.md §2).</summary>
public static class Streams
{
    /// <summary>The resources; its version is their resourceVersion.</summary>
    public static StreamId Catalog { get; } = new("catalog");

    /// <summary>A head without events, raised with every change of a pool, a reservation or the configuration.</summary>
    public static StreamId Policy { get; } = new("policy");

    /// <summary>A head without events, raised with every change or deletion of the node.</summary>
    public static StreamId Node(string name) => new("node/" + name);

    /// <summary>A head without events, raised whenever the set of blocks of this owner changes.</summary>
    public static StreamId Host(Owner owner) => new("host/" + owner);

    /// <summary>A head without events that a member raises to see whether the journal takes writes.</summary>
    public static StreamId Readiness(string member) => new("ready/" + member);

    public static StreamId Pool(string uid) => new("pool/" + uid);

    /// <summary>How the names of blocks' streams begin.</summary>
    public const string Blocks = "block/";

    /// <summary>Named by its range, so that a pool that is created again meets what its predecessor left.</summary>
    /// <remarks>Names that were made lately are kept: a turn asks for those of all blocks of its host, again and again.</remarks>
    public static StreamId Block(Cidr block)
    {
        ref var place = ref Made[(block.GetHashCode() & int.MaxValue) % Made.Length];
        var known = Volatile.Read(ref place);
        if (known?.Block != block)
        {
            known = new(block, new(Blocks + block));
            Volatile.Write(ref place, known);
        }

        return known.Id;
    }

    private static readonly BlockName?[] Made = new BlockName?[16_381];

    private sealed record BlockName(Cidr Block, StreamId Id);
}

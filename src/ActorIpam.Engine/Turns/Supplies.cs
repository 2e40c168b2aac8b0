using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Pools;
using ActorIpam.Engine.Counting;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.Actors;

namespace ActorIpam.Engine.Turns;

/// <summary>Where drafts get entries and sights from.</summary>
internal sealed class Supplies(Entries entries, Sights sights)
{
    public Entries Entries => entries;

    public Sights Sights => sights;

    /// <summary>Where turns and doors count what they did.</summary>
    public MemberCounts Counts { get; } = new();

    public Entry<Block, BlockEvent> BlockEntry(Cidr block) =>
        entries.Of(Streams.Block(block), id => new Entry<Block, BlockEvent>(id, Block.At(block), BlockEventCodec.Instance));

    public Entry<Pool, PoolEvent> PoolEntry(PoolPolicy pool) =>
        entries.Of(Streams.Pool(pool.Uid), id => new Entry<Pool, PoolEvent>(id, Pool.On(pool.Grid), PoolEventCodec.Instance));
}

using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;

namespace ActorIpam.Domain.Pools;

/// <summary>What happened to a pool's blocks. Facts: once journaled never renamed, never reshaped; wire names are in <see cref="PoolEventCodec"/>.</summary>
public abstract record PoolEvent
{
    private PoolEvent() { }

    /// <summary>An owner got a block of the pool.</summary>
    /// <param name="Block">Its range.</param>
    /// <param name="Owner">Whose it is.</param>
    /// <param name="Why">demand, reclaimed or asked.</param>
    public sealed record BlockClaimed(Cidr Block, Owner Owner, string Why) : PoolEvent;

    /// <summary>An empty block came back: it can be claimed again.</summary>
    public sealed record BlockGivenBack(Cidr Block, string Why) : PoolEvent;

    /// <summary>A block with addresses in it lost its owner. The pool knows it no longer; it lives in its own stream until its last address goes.</summary>
    public sealed record BlockOrphaned(Cidr Block, string Why) : PoolEvent;
}

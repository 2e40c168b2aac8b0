namespace ActorIpam.Domain.Blocks;

/// <summary>What an assignment rested on: enough to tell later why this pool, this block and this address.</summary>
/// <remarks>
/// Small, because every assignment carries it: the version of the catalog stands for pool, selector, labels and configuration, which its stream tells for ever.
/// </remarks>
/// <param name="Catalog">The version of the catalog it was decided on.</param>
/// <param name="From">Whose the block is (borrowed) or was a moment before (reclaimed); null otherwise, and for an address of an orphan.</param>
/// <param name="Blocks">How many blocks the holder owned in the pools of the request when the block was chosen; null for an address that was asked for.</param>
/// <param name="Free">How many addresses of the block were free before the request took the first of them.</param>
public sealed record Grounds(long Catalog, Owner? From, int? Blocks, int Free);

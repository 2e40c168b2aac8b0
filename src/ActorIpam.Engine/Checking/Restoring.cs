using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Door;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.Checking;

/// <summary>The rows of one block as its stream says they must be.</summary>
/// <remarks>
/// Attributes stand in the rows only. A row that was lost is restored without them and marked with <see cref="Mark"/>, which the check accepts in their place:
/// what the caller wanted remembered is gone, and nobody pretends otherwise.
/// </remarks>
internal sealed class Restoring
{
    /// <summary>The attribute of a row that was restored from an event that holds only the digest of its attributes.</summary>
    public const string Mark = "actor-ipam/attributes-lost";

    private readonly Block _block;
    private readonly ImmutableDictionary<int, (DateTimeOffset Since, string? Digest)> _held;

    private Restoring(Block block, Head head, ImmutableDictionary<int, (DateTimeOffset, string?)> held) => (_block, Head, _held) = (block, head, held);

    /// <summary>The head these rows are of.</summary>
    public Head Head { get; }

    /// <summary>The row of the block; null for one that is closed.</summary>
    public BlockRow? Block => _block.IsOpen ? _block.Row(Head.Version) : null;

    /// <summary>The pool of the block, for the history of rows that nobody should have written.</summary>
    public string Pool => _block.Pool;

    public static bool IsMarked(AddressRow row) => row.Attributes.ContainsKey(Mark);

    /// <summary>Folds a stream row by row; the time of an assignment is that of its row, and never before the last event of the block.</summary>
    public static Restoring Of(Cidr range, StreamTail tail)
    {
        var block = Domain.Blocks.Block.At(range);
        var held = ImmutableDictionary.CreateBuilder<int, (DateTimeOffset, string?)>();
        foreach (var row in tail.Rows)
        {
            foreach (var fact in BlockEventCodec.Instance.Read(row.Events, row.Schema))
            {
                var now = block.LastEventAt > row.At ? block.LastEventAt : row.At;
                block = block.Apply(fact);
                switch (fact)
                {
                    case BlockEvent.AddressAssigned assigned:
                        held[assigned.Ordinal] = (now, assigned.AttributesDigest);
                        break;
                    case BlockEvent.AddressReleased released:
                        held.Remove(released.Ordinal);
                        break;
                }
            }
        }

        return new(block, tail.Head, held.ToImmutable());
    }

    /// <summary>The row of an address; null when nobody holds it.</summary>
    /// <param name="ip">An address of the block.</param>
    /// <param name="shown">What is stored now: attributes that fit the digest are kept.</param>
    public AddressRow? Address(IpAddress ip, AddressRow? shown)
    {
        var ordinal = _block.OrdinalOf(ip);
        if (!_block.IsOpen || _block.Slots[ordinal] is not { State: SlotState.Held } slot)
        {
            return null;
        }

        var (since, digest) = _held[ordinal];
        var kept = shown?.Generation == slot.Generation && (IsMarked(shown) || Checks.AttributesDigest(shown.Attributes) == digest);
        return new(
            ip, _block.Range, slot.Generation, slot.Handle, slot.Holder,
            kept ? shown!.Attributes : digest is null ? Metadata.EmptyMap : Metadata.EmptyMap.Add(Mark, "true"), kept ? shown!.Since : since, slot.At);
    }

    /// <summary>All addresses that are held.</summary>
    public IEnumerable<IpAddress> Held => _held.Keys.Order().Select(_block.AddressAt);
}

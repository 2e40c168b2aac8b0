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
/// Attributes, and of what a snapshot holds the time of assignment, stand in rows only. A row that was lost is restored without them and marked with
/// <see cref="Mark"/>, which the check accepts in their place: what the caller wanted remembered is gone, and nobody pretends otherwise. A row that stands
/// under the right generation keeps what only it can know, unless an event that is kept says otherwise.
/// </remarks>
internal sealed class Restoring(ReplayedBlock replayed)
{
    /// <summary>The attribute of a row that was restored from a stream that no longer tells its attributes.</summary>
    public const string Mark = "actor-ipam/attributes-lost";

    private readonly Block _block = replayed.State;

    /// <summary>The head these rows are of.</summary>
    public Head Head => replayed.Head;

    /// <summary>The row of the block; null for one that is closed.</summary>
    public BlockRow? Block => _block.IsOpen ? _block.Row(Head.Version) : null;

    /// <summary>The pool of the block, for the history of rows that nobody should have written.</summary>
    public string Pool => _block.Pool;

    public static bool IsMarked(AddressRow row) => row.Attributes.ContainsKey(Mark);

    /// <summary>The row of an address; null when nobody holds it.</summary>
    /// <param name="ip">An address of the block.</param>
    /// <param name="shown">What is stored now.</param>
    public AddressRow? Address(IpAddress ip, AddressRow? shown)
    {
        var ordinal = _block.OrdinalOf(ip);
        if (!_block.IsOpen || _block.Slots[ordinal] is not { State: SlotState.Held } slot)
        {
            return null;
        }

        RecordedGrant? grant = replayed.Story.Grants.TryGetValue((ordinal, slot.Generation), out var recorded) ? recorded : null;
        var same = shown?.Generation == slot.Generation ? shown : null;
        return new(
            ip, _block.Range, slot.Generation, slot.Handle, slot.Holder, AttributesOf(grant, same), grant?.Since ?? same?.Since ?? replayed.Story.KnownFrom, slot.At)
        {
            IsRedacted = same?.IsRedacted ?? false,
        };
    }

    /// <summary>Those that are stored, unless an event that is kept says that they are not those of the assignment.</summary>
    public static ImmutableSortedDictionary<string, string> AttributesOf(RecordedGrant? grant, AddressRow? stored) =>
        stored is not null && (grant is null || IsMarked(stored) || stored.IsRedacted || Checks.AttributesDigest(stored.Attributes) == grant.Value.Digest) ? stored.Attributes
        : grant is { Digest: null } ? Metadata.EmptyMap
        : Metadata.EmptyMap.Add(Mark, "true");

    /// <summary>Whether the row is of who holds its address now.</summary>
    public bool IsHeldBy(AddressRow row) =>
        row.Block == _block.Range && _block.IsOpen && _block.Slots[_block.OrdinalOf(row.Ip)] is { State: SlotState.Held } slot && slot.Generation == row.Generation;

    /// <summary>Whether the stream still tells when the address was assigned, and whether with attributes.</summary>
    public bool Tells(AddressRow row) => replayed.Story.Grants.ContainsKey((_block.OrdinalOf(row.Ip), row.Generation));

    /// <summary>All addresses that are held.</summary>
    public IEnumerable<IpAddress> Held => _block.IsOpen
        ? Enumerable.Range(0, _block.Size).Where(ordinal => _block.Slots.StateOf(ordinal) == SlotState.Held).Select(_block.AddressAt)
        : [];
}

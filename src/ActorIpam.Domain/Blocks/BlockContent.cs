using System.Collections.Immutable;

namespace ActorIpam.Domain.Blocks;

/// <summary>What an open block's snapshot tells.</summary>
internal sealed record BlockContent
{
    public required string Pool { get; init; }

    /// <summary>Null for an orphan.</summary>
    public Owner? Owner { get; init; }

    public DateTimeOffset? ClaimedAt { get; init; }

    public HostReserved? HostReserved { get; init; }

    /// <summary>The addresses that are held or cool, by ordinal.</summary>
    public required ImmutableSortedDictionary<int, Slot> Slots { get; init; }

    public required FreeQueue Free { get; init; }

    public DateTimeOffset LastEventAt { get; init; }

    /// <summary>One sentence about what cannot be in a block of this size; null for nothing.</summary>
    public string? FlawIn(int size)
    {
        var (start, end) = (HostReserved?.Start ?? 0, HostReserved?.End ?? 0);
        if (start < 0 || end < 0 || start + (long)end > size)
        {
            return $"The host keeps {start} and {end} of {size} addresses.";
        }

        var ordinals = Slots.Keys.Concat(Free.InOrder()).Order().ToList();
        return ordinals.SequenceEqual(Enumerable.Range(start, size - start - end))
            ? null
            : $"Its {ordinals.Count} free, held and cooling addresses are not the {size - start - end} that the host does not keep, each once.";
    }
}

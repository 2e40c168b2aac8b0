using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.InMemory;

/// <summary>Everything a journal and its views hold at one instant, as a value: two instants can be kept and compared.</summary>
public sealed record JournalState
{
    public static JournalState Empty { get; } = new();

    /// <summary>Heads that were ever raised; the others stand at <see cref="Head.None"/>.</summary>
    public ImmutableSortedDictionary<StreamId, Head> Heads { get; init; } = ImmutableSortedDictionary<StreamId, Head>.Empty;

    /// <summary>Journal rows by stream and version. Streams without events have none.</summary>
    public ImmutableSortedDictionary<StreamId, ImmutableSortedDictionary<long, JournalRow>> Rows { get; init; } =
        ImmutableSortedDictionary<StreamId, ImmutableSortedDictionary<long, JournalRow>>.Empty;

    /// <summary>Snapshots by stream, at most two each, the newest last.</summary>
    public ImmutableSortedDictionary<StreamId, ImmutableArray<Snapshot>> Snapshots { get; init; } = ImmutableSortedDictionary<StreamId, ImmutableArray<Snapshot>>.Empty;

    /// <summary>What was granted, by request id.</summary>
    public ImmutableSortedDictionary<string, RequestRow> Requests { get; init; } = ByName<RequestRow>();

    /// <summary>Final releases: the time through which each handle is closed.</summary>
    public ImmutableSortedDictionary<string, DateTimeOffset> Handles { get; init; } = ByName<DateTimeOffset>();

    /// <summary>When the last final release of each closed handle was recorded.</summary>
    public ImmutableSortedDictionary<string, DateTimeOffset> HandlesAt { get; init; } = ByName<DateTimeOffset>();

    /// <summary>Addresses that are held.</summary>
    public ImmutableSortedDictionary<IpAddress, AddressRow> Addresses { get; init; } = ImmutableSortedDictionary<IpAddress, AddressRow>.Empty;

    /// <summary>Past holders of each address, oldest first.</summary>
    public ImmutableSortedDictionary<IpAddress, ImmutableArray<AddressHistoryRow>> History { get; init; } =
        ImmutableSortedDictionary<IpAddress, ImmutableArray<AddressHistoryRow>>.Empty;

    public ImmutableSortedDictionary<Cidr, BlockRow> Blocks { get; init; } = ImmutableSortedDictionary<Cidr, BlockRow>.Empty;

    /// <summary>Resources by kind and name, in ordinal order.</summary>
    public ImmutableSortedDictionary<ResourceName, ResourceRow> Resources { get; init; } = ImmutableSortedDictionary<ResourceName, ResourceRow>.Empty;

    /// <summary>Whose each block was, oldest first, what lasts included.</summary>
    public ImmutableSortedDictionary<Cidr, ImmutableArray<BlockHistoryRow>> BlockHistory { get; init; } =
        ImmutableSortedDictionary<Cidr, ImmutableArray<BlockHistoryRow>>.Empty;

    /// <summary>What each resource was, oldest first, what stands included.</summary>
    public ImmutableSortedDictionary<ResourceName, ImmutableArray<ResourceHistoryRow>> ResourceHistory { get; init; } =
        ImmutableSortedDictionary<ResourceName, ImmutableArray<ResourceHistoryRow>>.Empty;

    /// <summary>The oldest instant that can be answered; null when nothing was forgotten.</summary>
    public DateTimeOffset? Horizon { get; init; }

    public Head HeadOf(StreamId stream) => Heads.GetValueOrDefault(stream, Head.None);

    public JournalRow? RowOf(StreamId stream, long version) =>
        Rows.TryGetValue(stream, out var rows) ? rows.GetValueOrDefault(version) : null;

    public DateTimeOffset? ClosedThrough(string handle) => Handles.TryGetValue(handle, out var through) ? through : null;

    private static ImmutableSortedDictionary<string, T> ByName<T>() => ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);
}

/// <summary>The key of a stored resource, in ordinal order of kind, then name.</summary>
public readonly record struct ResourceName(string Kind, string Name) : IComparable<ResourceName>
{
    public int CompareTo(ResourceName other)
    {
        var byKind = string.CompareOrdinal(Kind, other.Kind);
        return byKind != 0 ? byKind : string.CompareOrdinal(Name, other.Name);
    }

    public static bool operator <(ResourceName left, ResourceName right) => left.CompareTo(right) < 0;

    public static bool operator >(ResourceName left, ResourceName right) => left.CompareTo(right) > 0;

    public static bool operator <=(ResourceName left, ResourceName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ResourceName left, ResourceName right) => left.CompareTo(right) >= 0;
}

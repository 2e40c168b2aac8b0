using System.Collections.Immutable;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.InMemory;

/// <summary>What operators read of streams, computed from a state in the plainest way.</summary>
internal static class StreamBrowsing
{
    public static ImmutableArray<StreamRow> RowsBehind(this JournalState state, ImmutableArray<StreamPlace> places, int limit) =>
    [
        .. places.OrderBy(static place => place.Stream)
            .SelectMany(place => state.Rows.TryGetValue(place.Stream, out var rows)
                ? rows.Where(row => row.Key > place.Version).Select(row => new StreamRow(place.Stream, row.Value))
                : [])
            .Take(limit),
    ];
}

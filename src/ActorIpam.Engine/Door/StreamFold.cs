using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Pools;
using ActorIpam.Domain.Resources;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.Actors;

namespace ActorIpam.Engine.Door;

/// <summary>Folds a stream from the journal, beside whatever the member remembers of it, and tells the result in words.</summary>
internal sealed class StreamFold(Workplace workplace)
{
    /// <returns>Nothing for a stream without events, and for one whose pool is gone: its grid is not known any more.</returns>
    /// <exception cref="UnreadableEventException">The stream holds events this member does not know.</exception>
    public async Task<ImmutableSortedDictionary<string, string>> OfAsync(StreamId stream, CancellationToken cancellation) => stream.Value.Split('/', 2) switch
    {
        ["catalog"] => Tell(await FoldAsync(stream, ResourceCatalog.Empty, new CatalogEventCodec(), cancellation)),
        ["block", var range] when Cidr.TryParse(range, out var cidr) => Tell(await FoldAsync(stream, Block.At(cidr), BlockEventCodec.Instance, cancellation, BlockSnapshotCodec.Instance)),
        ["pool", var uid] when (await workplace.CatalogAsync(cancellation)).Catalog.PoolByUid(uid) is { } pool =>
            Tell(pool, await FoldAsync(stream, Pool.On(pool.Grid), PoolEventCodec.Instance, cancellation)),
        _ => ImmutableSortedDictionary<string, string>.Empty,
    };

    private async Task<TState> FoldAsync<TState, TEvent>(StreamId stream, TState beginning, IEventCodec<TEvent> codec, CancellationToken cancellation, ISnapshotCodec<TState>? snapshots = null)
        where TState : class, IAggregate<TState, TEvent>
    {
        var entry = new Entry<TState, TEvent>(stream, beginning, codec, snapshots);
        await entry.RefreshAsync(workplace.Ports.Journal, cancellation);
        return entry.State;
    }

    private static ImmutableSortedDictionary<string, string> Tell(ResourceCatalog catalog) => Words(
        [
            .. ResourceKinds.All.Select(kind => (kind.Plural, Text(catalog.List(kind.Kind).Length))),
            .. catalog.Recovery is { } recovery ? new[] { ("recovering", $"from {recovery.TakenAt:u}, {recovery.Reported.Count} reported") } : [],
        ]);

    private static ImmutableSortedDictionary<string, string> Tell(PoolPolicy policy, Pool pool) => Words(
        ("pool", policy.Name), ("cidr", policy.Range.ToString()), ("claimed", Text(pool.Owners.Count)), ("owners", Text(pool.Owners.Values.Distinct().Count())));

    private static ImmutableSortedDictionary<string, string> Tell(Block block) => block.IsOpen
        ? Words(
            ("state", block.IsOrphan ? "orphan" : "owned"), ("owner", block.Owner?.ToString() ?? "nobody"), ("pool", block.Pool), ("size", Text(block.Size)),
            ("free", Text(block.Free.Count)), ("assigned", Text(block.Assigned)), ("borrowed", Text(block.Borrowed)), ("cooling", Text(block.Cooling.Count)),
            ("hostReserved", Text(block.HostReserved?.Count ?? 0)))
        : Words(("state", "closed"));

    private static ImmutableSortedDictionary<string, string> Words(params (string Name, string Value)[] words) =>
        words.ToImmutableSortedDictionary(static word => word.Name, static word => word.Value, StringComparer.Ordinal);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.InMemory;

/// <summary>A journal and its views in memory: the executable specification that the contract suite holds every other journal against.</summary>
/// <remarks>Each call sees or makes one state, under a lock, and completes before it returns. Nothing in it depends on time or chance.</remarks>
public sealed class MemoryJournal : IJournal, IJournalUpkeep, IViews, IDueViews, IPastViews, IStreamBrowser
{
    private readonly Lock _gate = new();
    private JournalState _state;

    public MemoryJournal()
        : this(JournalState.Empty)
    {
    }

    /// <summary>A journal that goes on from a state, as a replica does.</summary>
    public MemoryJournal(JournalState state) => _state = state;

    /// <summary>Everything it holds now. The value never changes; taking it costs nothing.</summary>
    public JournalState Snapshot()
    {
        lock (_gate)
        {
            return _state;
        }
    }

    /// <summary>Puts another state in place of the present one, as restoring a backup or failing over to a replica that lags does.</summary>
    public void Restore(JournalState state)
    {
        lock (_gate)
        {
            _state = state;
        }
    }

    public ValueTask<ImmutableArray<Outcome>> AppendAsync(ImmutableArray<Unit> batch)
    {
        lock (_gate)
        {
            var outcomes = ImmutableArray.CreateBuilder<Outcome>(batch.Length);
            foreach (var unit in batch)
            {
                (_state, var outcome) = _state.Judge(unit);
                outcomes.Add(outcome);
            }

            return new(outcomes.MoveToImmutable());
        }
    }

    public ValueTask<StreamTail> ReadAsync(StreamId stream, Head after, CancellationToken cancellation) => new(Snapshot().Tail(stream, after));

    public ValueTask<StreamTail> LoadAsync(StreamId stream, long below, CancellationToken cancellation) => new(Snapshot().Loaded(stream, below));

    public ValueTask<ImmutableArray<StreamLength>> LengthsAsync(string prefix, StreamId? after, int limit, CancellationToken cancellation) =>
        new(Snapshot().Lengths(prefix, after, limit));

    public ValueTask<bool> KeepAsync(Snapshot snapshot, CancellationToken cancellation)
    {
        lock (_gate)
        {
            (_state, var kept) = _state.Keeping(snapshot);
            return new(kept);
        }
    }

    public ValueTask<int> CutAsync(StreamId stream, Head covered, DateTimeOffset before, int most, CancellationToken cancellation)
    {
        lock (_gate)
        {
            (_state, var cut) = _state.Cutting(stream, covered, before, most);
            return new(cut);
        }
    }

    public ValueTask<ImmutableArray<Head>> HeadsAsync(ImmutableArray<StreamId> streams, CancellationToken cancellation) =>
        new([.. streams.Select(Snapshot().HeadOf)]);

    public ValueTask<ImmutableArray<StreamHead>> StreamsAsync(string prefix, StreamId? after, int limit, CancellationToken cancellation) => new(
    [
        .. Snapshot().Heads.Where(pair => pair.Key.Value.StartsWith(prefix, StringComparison.Ordinal) && (after is null || pair.Key > after.Value))
            .Take(limit).Select(static pair => new StreamHead(pair.Key, pair.Value)),
    ]);

    public ValueTask<JournalRow?> RowAsync(StreamId stream, long version, CancellationToken cancellation) => new(Snapshot().RowOf(stream, version));

    public ValueTask<AddressRow?> AddressAsync(IpAddress ip, CancellationToken cancellation) => new(Snapshot().Addresses.GetValueOrDefault(ip));

    public ValueTask<ImmutableArray<AddressRow>> AddressesAsync(ImmutableArray<IpAddress> ips, CancellationToken cancellation)
    {
        var held = Snapshot().Addresses;
        return new([.. ips.Distinct().Order().Where(held.ContainsKey).Select(ip => held[ip])]);
    }

    public ValueTask<ImmutableArray<AddressRow>> AddressesOfHandleAsync(string handle, CancellationToken cancellation) =>
        new([.. Snapshot().Addresses.Values.Where(row => row.Handle == handle)]);

    public ValueTask<Page<AddressRow>> FindAddressesAsync(AddressFilter filter, CancellationToken cancellation) => new(Snapshot().Find(filter));

    public ValueTask<ImmutableArray<AddressHistoryRow>> HistoryAsync(IpAddress ip, CancellationToken cancellation) =>
        new([.. Snapshot().History.GetValueOrDefault(ip, []).OrderBy(static row => row.ReleasedAt)]);

    public ValueTask<BlockRow?> BlockAsync(Cidr block, CancellationToken cancellation) => new(Snapshot().Blocks.GetValueOrDefault(block));

    public ValueTask<BlockRow?> BlockContainingAsync(IpAddress ip, CancellationToken cancellation) => new(Snapshot().BlockContaining(ip));

    public ValueTask<ImmutableArray<BlockRow>> BlocksOfAsync(Owner owner, CancellationToken cancellation) =>
        new(Snapshot().BlocksOf(owner));

    public ValueTask<OwnedSight> OwnedAsync(Owner owner, StreamId head, CancellationToken cancellation)
    {
        var now = Snapshot();
        return new(new OwnedSight(now.HeadOf(head), now.BlocksOf(owner)));
    }

    public ValueTask<ImmutableArray<BlockRow>> BlocksInAsync(Cidr? range, int limit, Cidr? after, CancellationToken cancellation) =>
        new(Snapshot().BlocksIn(range, limit, after));

    public ValueTask<RoomSight> RoomAsync(RoomQuestion question, CancellationToken cancellation) => new(Snapshot().Room(question));

    public ValueTask<ImmutableArray<BlockTotals>> TotalsAsync(ImmutableArray<Cidr> ranges, CancellationToken cancellation) =>
        new([.. ranges.Select(Snapshot().TotalsOf)]);

    public ValueTask<RequestRow?> RequestAsync(string id, CancellationToken cancellation) => new(Snapshot().Requests.GetValueOrDefault(id));

    public ValueTask<DateTimeOffset?> HandleClosedThroughAsync(string handle, CancellationToken cancellation) =>
        new(Snapshot().ClosedThrough(handle));

    public ValueTask<ImmutableArray<BlockRow>> CoolingThroughAsync(DateTimeOffset through, int limit, CancellationToken cancellation) =>
        new(Snapshot().CoolingThrough(through, limit));

    public ValueTask<ImmutableArray<BlockRow>> EmptyBlocksAsync(Cidr? after, int limit, CancellationToken cancellation) =>
        new(Snapshot().EmptyBlocks(after, limit));

    public ValueTask<ImmutableArray<OldRequest>> OldRequestsAsync(DateTimeOffset before, OldRequest? after, int limit, CancellationToken cancellation) =>
        new(Snapshot().OldRequests(before, after, limit));

    public ValueTask<ImmutableArray<ClosedHandle>> ClosedHandlesAsync(string? after, int limit, CancellationToken cancellation) =>
        new(Snapshot().ClosedHandles(after, limit));

    public ValueTask<ImmutableArray<StreamRow>> RowsBehindAsync(ImmutableArray<StreamPlace> places, int limit, CancellationToken cancellation) =>
        new(Snapshot().RowsBehind(places, limit));

    public ValueTask<ImmutableArray<ResourceRow>> ResourcesAsync(string kind, CancellationToken cancellation) =>
        new([.. Snapshot().Resources.Values.Where(row => row.Kind == kind)]);

    public ValueTask<DateTimeOffset?> HorizonAsync(CancellationToken cancellation) => new(Snapshot().Horizon);

    public ValueTask<AddressRow?> AddressAtAsync(IpAddress ip, DateTimeOffset at, CancellationToken cancellation) =>
        new(Snapshot().HeldAt(at).FirstOrDefault(row => row.Ip == ip));

    public ValueTask<Page<AddressRow>> FindAddressesAtAsync(AddressFilter filter, DateTimeOffset at, CancellationToken cancellation) =>
        new(Snapshot().FindAt(filter, at));

    public ValueTask<ImmutableArray<BlockHistoryRow>> BlocksAtAsync(
        Cidr? range, Owner? owner, int limit, Cidr? after, DateTimeOffset at, CancellationToken cancellation) => new(Snapshot().BlocksAt(range, owner, limit, after, at));

    public ValueTask<ResourcesThen> ResourcesAtAsync(DateTimeOffset at, CancellationToken cancellation) => new(Snapshot().ResourcesAt(at));

    public ValueTask<Page<HoldingRow>> HoldingsAsync(HoldingFilter filter, CancellationToken cancellation) => new(Snapshot().Holdings(filter));

    public ValueTask<ImmutableArray<AddressHistoryRow>> HistoryInAsync(Cidr range, CancellationToken cancellation) =>
        new([.. Snapshot().History.Where(past => range.Contains(past.Key)).SelectMany(static past => past.Value.OrderBy(static row => row.ReleasedAt))]);

    public ValueTask<Page<BlockHistoryRow>> BlockHistoryAsync(Cidr block, long after, int limit, CancellationToken cancellation) =>
        new(Snapshot().BlockHistory.GetValueOrDefault(block, []).Where(row => row.Version > after).ToPage(limit));

    public ValueTask<Page<ResourceHistoryRow>> ResourceHistoryAsync(string kind, string name, int skip, int limit, CancellationToken cancellation) =>
        new(Snapshot().ResourceHistory.GetValueOrDefault(new(kind, name), []).Skip(skip).ToPage(limit));

    public ValueTask<ImmutableArray<Grant>> UnredactedAsync(string handle, DateTimeOffset through, int limit, CancellationToken cancellation) =>
        new(Snapshot().Unredacted(handle, through, limit));

    public ValueTask<bool> HasHistoryBeforeAsync(DateTimeOffset before, CancellationToken cancellation) => new(Snapshot().HasHistoryBefore(before));
}

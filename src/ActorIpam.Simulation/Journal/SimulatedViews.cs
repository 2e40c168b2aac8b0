using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Journal;

/// <summary>One member's queries over the store: right, but late or not answered.</summary>
public sealed class SimulatedViews(SimulatedStore store, string member, Lane lane) : IViews, IDueViews
{
    private readonly Connection _connection = new(store, member, lane);

    private MemoryJournal Now => store.Journal;

    public ValueTask<AddressRow?> AddressAsync(IpAddress ip, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.Address, () => Now.AddressAsync(ip, default), cancellation);

    public ValueTask<ImmutableArray<AddressRow>> AddressesAsync(ImmutableArray<IpAddress> ips, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.Addresses, () => Now.AddressesAsync(ips, default), cancellation);

    public ValueTask<ImmutableArray<AddressRow>> AddressesOfHandleAsync(string handle, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.Handle, () => Now.AddressesOfHandleAsync(handle, default), cancellation);

    public ValueTask<Page<AddressRow>> FindAddressesAsync(AddressFilter filter, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.Page, () => Now.FindAddressesAsync(filter, default), cancellation);

    public ValueTask<ImmutableArray<AddressHistoryRow>> HistoryAsync(IpAddress ip, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.History, () => Now.HistoryAsync(ip, default), cancellation);

    public ValueTask<BlockRow?> BlockAsync(Cidr block, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.Block, () => Now.BlockAsync(block, default), cancellation);

    public ValueTask<BlockRow?> BlockContainingAsync(IpAddress ip, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.BlockOfAddress, () => Now.BlockContainingAsync(ip, default), cancellation);

    public ValueTask<ImmutableArray<BlockRow>> BlocksOfAsync(Owner owner, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.BlocksOfOwner, () => Now.BlocksOfAsync(owner, default), cancellation);

    public ValueTask<OwnedSight> OwnedAsync(Owner owner, StreamId head, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.BlocksOfOwner, () => Now.OwnedAsync(owner, head, default), cancellation);

    public ValueTask<ImmutableArray<BlockRow>> BlocksInAsync(Cidr? range, int limit, Cidr? after, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.BlocksOfRange, () => Now.BlocksInAsync(range, limit, after, default), cancellation);

    public ValueTask<RoomSight> RoomAsync(RoomQuestion question, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.Room, () => Now.RoomAsync(question, default), cancellation);

    public ValueTask<ImmutableArray<BlockTotals>> TotalsAsync(ImmutableArray<Cidr> ranges, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.Totals, () => Now.TotalsAsync(ranges, default), cancellation);

    public ValueTask<RequestRow?> RequestAsync(string id, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.Request, () => Now.RequestAsync(id, default), cancellation);

    public ValueTask<DateTimeOffset?> HandleClosedThroughAsync(string handle, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.ClosedHandle, () => Now.HandleClosedThroughAsync(handle, default), cancellation);

    public ValueTask<ImmutableArray<ResourceRow>> ResourcesAsync(string kind, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.Resources, () => Now.ResourcesAsync(kind, default), cancellation);

    public ValueTask<ImmutableArray<BlockRow>> CoolingThroughAsync(DateTimeOffset through, int limit, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.Cooling, () => Now.CoolingThroughAsync(through, limit, default), cancellation);

    public ValueTask<ImmutableArray<BlockRow>> EmptyBlocksAsync(Cidr? after, int limit, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.Empty, () => Now.EmptyBlocksAsync(after, limit, default), cancellation);

    public ValueTask<ImmutableArray<OldRequest>> OldRequestsAsync(DateTimeOffset before, OldRequest? after, int limit, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.OldRequests, () => Now.OldRequestsAsync(before, after, limit, default), cancellation);

    public ValueTask<ImmutableArray<ClosedHandle>> ClosedHandlesAsync(string? after, int limit, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.ClosedHandles, () => Now.ClosedHandlesAsync(after, limit, default), cancellation);
}

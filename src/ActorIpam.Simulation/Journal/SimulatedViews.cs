using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.InMemory;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Journal;

/// <summary>One member's queries over the store: right, but late or not answered.</summary>
public sealed class SimulatedViews(SimulatedStore store, Lane lane) : IViews
{
    private readonly Connection _connection = new(store, lane);

    private MemoryJournal Now => store.Journal;

    public ValueTask<AddressRow?> AddressAsync(IpAddress ip, CancellationToken cancellation) =>
        _connection.ReadAsync("view an address", () => Now.AddressAsync(ip, default), cancellation);

    public ValueTask<ImmutableArray<AddressRow>> AddressesAsync(ImmutableArray<IpAddress> ips, CancellationToken cancellation) =>
        _connection.ReadAsync("view addresses", () => Now.AddressesAsync(ips, default), cancellation);

    public ValueTask<ImmutableArray<AddressRow>> AddressesOfHandleAsync(string handle, CancellationToken cancellation) =>
        _connection.ReadAsync("view a handle", () => Now.AddressesOfHandleAsync(handle, default), cancellation);

    public ValueTask<Page<AddressRow>> FindAddressesAsync(AddressFilter filter, CancellationToken cancellation) =>
        _connection.ReadAsync("view a page of addresses", () => Now.FindAddressesAsync(filter, default), cancellation);

    public ValueTask<ImmutableArray<AddressHistoryRow>> HistoryAsync(IpAddress ip, CancellationToken cancellation) =>
        _connection.ReadAsync("view a history", () => Now.HistoryAsync(ip, default), cancellation);

    public ValueTask<BlockRow?> BlockAsync(Cidr block, CancellationToken cancellation) =>
        _connection.ReadAsync("view a block", () => Now.BlockAsync(block, default), cancellation);

    public ValueTask<BlockRow?> BlockContainingAsync(IpAddress ip, CancellationToken cancellation) =>
        _connection.ReadAsync("view the block of an address", () => Now.BlockContainingAsync(ip, default), cancellation);

    public ValueTask<ImmutableArray<BlockRow>> BlocksOfAsync(Owner owner, CancellationToken cancellation) =>
        _connection.ReadAsync("view the blocks of an owner", () => Now.BlocksOfAsync(owner, default), cancellation);

    public ValueTask<ImmutableArray<BlockRow>> BlocksInAsync(Cidr? range, int limit, Cidr? after, CancellationToken cancellation) =>
        _connection.ReadAsync("view the blocks of a range", () => Now.BlocksInAsync(range, limit, after, default), cancellation);

    public ValueTask<RoomSight> RoomAsync(RoomQuestion question, CancellationToken cancellation) =>
        _connection.ReadAsync("view the room", () => Now.RoomAsync(question, default), cancellation);

    public ValueTask<ImmutableArray<BlockTotals>> TotalsAsync(ImmutableArray<Cidr> ranges, CancellationToken cancellation) =>
        _connection.ReadAsync("view totals", () => Now.TotalsAsync(ranges, default), cancellation);

    public ValueTask<RequestRow?> RequestAsync(string id, CancellationToken cancellation) =>
        _connection.ReadAsync("view a request", () => Now.RequestAsync(id, default), cancellation);

    public ValueTask<DateTimeOffset?> HandleClosedThroughAsync(string handle, CancellationToken cancellation) =>
        _connection.ReadAsync("view a closed handle", () => Now.HandleClosedThroughAsync(handle, default), cancellation);

    public ValueTask<ImmutableArray<ResourceRow>> ResourcesAsync(string kind, CancellationToken cancellation) =>
        _connection.ReadAsync("view resources", () => Now.ResourcesAsync(kind, default), cancellation);
}

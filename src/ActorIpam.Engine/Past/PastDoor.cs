using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Routing;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Door;

namespace ActorIpam.Engine.Past;

/// <summary>Where the questions of the present come in with an instant: what would have been answered then (protocol.md §2, as-of).</summary>
/// <remarks>
/// Something counts as having been so from the time its unit was decided, by the clock of the member that decided it. An answer of that very instant may
/// not have shown yet what was being committed; a moment later it did.
/// </remarks>
internal sealed class PastDoor(Workplace workplace)
{
    private const int PerPage = 10_000;

    /// <summary>How many instants are tried before one is named that can be asked about.</summary>
    private const int MostLooks = 10;

    public Task<Answer<AddressState>> AddressAsync(string text, DateTimeOffset at, CancellationToken cancellation) =>
        AskAsync<AddressState>(at, sight => AddressAsync(text, sight, cancellation), cancellation);

    public Task<Answer<AddressList>> AddressesAsync(AddressQuery query, DateTimeOffset at, CancellationToken cancellation) =>
        AskAsync<AddressList>(at, sight => AddressesAsync(query, sight, cancellation), cancellation);

    public Task<Answer<ImmutableArray<BlockView>>> BlocksAsync(BlockQuery query, DateTimeOffset at, CancellationToken cancellation) =>
        AskAsync<ImmutableArray<BlockView>>(at, sight => new BlockFigures(sight).BlocksAsync(query, cancellation), cancellation);

    public Task<Answer<ImmutableArray<Utilization>>> UtilizationAsync(string? pool, bool blocks, DateTimeOffset at, CancellationToken cancellation) =>
        AskAsync<ImmutableArray<Utilization>>(at, sight => new BlockFigures(sight).UtilizationAsync(pool, blocks, cancellation), cancellation);

    public Task<Answer<NodeRouting>> RoutesAsync(string node, DateTimeOffset at, CancellationToken cancellation) =>
        AskAsync<NodeRouting>(at, sight => RoutesAsync(node, sight, cancellation), cancellation);

    public Task<Answer<Resource>> GetAsync(ResourceKind kind, string name, DateTimeOffset at, CancellationToken cancellation) =>
        AskAsync<Resource>(at, async sight => (await sight.CatalogAsync(cancellation)).Catalog.Find(kind, name) is { } found ? found : ResourceDoor.NotFound(kind, name), cancellation);

    public Task<Answer<ResourceList>> ListAsync(ResourceKind kind, DateTimeOffset at, CancellationToken cancellation) =>
        AskAsync<ResourceList>(
            at,
            async sight =>
            {
                var (catalog, version) = await sight.CatalogAsync(cancellation);
                return new ResourceList(version, catalog.List(kind));
            },
            cancellation);

    /// <summary>Asks, and looks at the horizon behind the answer: what was swept meanwhile could be missing in it.</summary>
    private async Task<Answer<T>> AskAsync<T>(DateTimeOffset at, Func<PastSight, Task<Answer<T>>> ask, CancellationToken cancellation)
    {
        at = at.Whole();
        if (workplace.Ports.Past is not { } past)
        {
            return new Refusal(RefusalCode.Invalid, "This member answers no questions about the past.", "at");
        }

        if (at > workplace.Ports.Time.GetUtcNow())
        {
            return new Refusal(RefusalCode.OutOfRange, $"at is {at.UtcDateTime:O}, which is in the future: nobody knows yet.", "at");
        }

        try
        {
            var answer = await ask(new(workplace.Ports, past, at));
            return await past.HorizonAsync(cancellation) is { } horizon && horizon > at ? Gone(horizon, "history") : answer;
        }
        catch (PastGoneException gone)
        {
            return Gone(await OldestAsync(gone, past, ask), gone.Subject);
        }
    }

    /// <summary>An instant that can be answered: at the one from which this block is known there may have been another that is known for a shorter time.</summary>
    private async Task<DateTimeOffset> OldestAsync<T>(PastGoneException gone, IPastViews past, Func<PastSight, Task<Answer<T>>> ask)
    {
        var oldest = gone.Oldest;
        for (var look = 0; look < MostLooks; look++)
        {
            try
            {
                await ask(new(workplace.Ports, past, oldest));
                break;
            }
            catch (PastGoneException later) when (later.Oldest > oldest)
            {
                oldest = later.Oldest;
            }
        }

        return oldest;
    }

    internal static Refusal Gone(DateTimeOffset oldest, string subject) =>
        new(RefusalCode.HistoryExpired, $"That is older than what is kept of {subject}; the oldest instant that can be answered is {oldest.UtcDateTime:O}.", "at");

    private static async Task<Answer<AddressState>> AddressAsync(string text, PastSight sight, CancellationToken cancellation)
    {
        if (!IpAddress.TryParse(text, out var ip))
        {
            return new Refusal(RefusalCode.BadIp, $"'{text}' is not an IP address.", "ip");
        }

        var (catalog, _) = await sight.CatalogAsync(cancellation);
        var pool = catalog.PoolHolding(ip);
        var row = await sight.Views.AddressAtAsync(ip, sight.At, cancellation);
        var block = await sight.BlockHoldingAsync(ip, cancellation);
        if (row is not null)
        {
            var shown = catalog.Show(row, row.Holder != block?.Owner, row.Block.Length);
            return new AddressState(text, "assigned", shown, row.Block.ToString(), pool?.Name);
        }

        var state = SlotState.Free;
        if (block is not null)
        {
            var then = await sight.BlockAsync(block.Block, cancellation);
            state = then.IsOpen ? then.Slots.StateOf(then.OrdinalOf(ip)) : SlotState.Free;
        }

        return new AddressState(
            text, QueryDoor.Name(state, catalog.Reservations.Holds(ip), pool is null && block is null), null, block?.Block.ToString(), pool?.Name);
    }

    private static async Task<Answer<AddressList>> AddressesAsync(AddressQuery query, PastSight sight, CancellationToken cancellation)
    {
        var (catalog, _) = await sight.CatalogAsync(cancellation);
        var checks = new Checks();
        var filter = QueryDoor.FilterOf(catalog, query, checks);
        if (checks.AreBad)
        {
            return checks.Refusals;
        }

        var page = await sight.Views.FindAddressesAtAsync(filter, sight.At, cancellation);
        var owners = new Dictionary<Cidr, Owner?>();
        foreach (var block in page.Items.Select(static row => row.Block).Distinct())
        {
            owners[block] = (await sight.BlockHoldingAsync(block.First, cancellation))?.Owner;
        }

        var shown = page.Items.Select(row => catalog.Show(row, row.Holder != owners[row.Block], row.Block.Length)).ToImmutableArray();
        return new AddressList(shown, page.More ? page.Items[^1].Ip.ToString() : null);
    }

    private static async Task<Answer<NodeRouting>> RoutesAsync(string node, PastSight sight, CancellationToken cancellation)
    {
        var (catalog, version) = await sight.CatalogAsync(cancellation);
        if (catalog.Node(node) is not { } known)
        {
            return RouteDoor.NotFound(node);
        }

        var owners = ImmutableArray.CreateBuilder<(Cidr, Owner?)>();
        ImmutableArray<BlockHistoryRow> page = [];
        do
        {
            page = await sight.Views.BlocksAtAsync(range: null, owner: null, PerPage, page.IsEmpty ? null : page[^1].Block, sight.At, cancellation);
            owners.AddRange(page.Select(static row => (row.Block, row.Owner)));
        }
        while (page.Length == PerPage);
        var borrowed = await AllAsync(sight, new() { Borrowed = true, Limit = PerPage }, cancellation);
        var own = await AllAsync(sight, new() { Holder = Owner.Host(node), Limit = PerPage }, cancellation);
        return RouteWatch.Plan(RouteDoor.SightOf(catalog, version, Topology.Of(catalog), known, owners.ToImmutable(), borrowed.Concat(own)));
    }

    private static async Task<ImmutableArray<AddressRow>> AllAsync(PastSight sight, AddressFilter filter, CancellationToken cancellation)
    {
        var all = ImmutableArray.CreateBuilder<AddressRow>();
        Page<AddressRow> page;
        do
        {
            page = await sight.Views.FindAddressesAtAsync(all.Count == 0 ? filter : filter with { After = all[^1].Ip }, sight.At, cancellation);
            all.AddRange(page.Items);
        }
        while (page.More);
        return all.ToImmutable();
    }
}

using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.Door;

/// <summary>Where questions about addresses and blocks come in. They read what was committed, never what an actor plans.</summary>
internal sealed class QueryDoor(Workplace workplace)
{
    private const int MostRows = 10_000, BlocksPerPage = 10_000;

    private IViews Views => workplace.Ports.Views;

    public async Task<Answer<AddressState>> AddressAsync(string text, CancellationToken cancellation)
    {
        if (!IpAddress.TryParse(text, out var ip))
        {
            return new Refusal(RefusalCode.BadIp, $"'{text}' is not an IP address.", "ip");
        }

        var (catalog, _) = await workplace.CatalogAsync(cancellation);
        var pool = catalog.PoolHolding(ip);
        var row = await Views.AddressAsync(ip, cancellation);
        var block = await Views.BlockContainingAsync(ip, cancellation);
        if (row is not null)
        {
            var shown = catalog.Show(row, row.Holder != block?.Owner, row.Block.Length);
            return new AddressState(text, "assigned", shown, row.Block.ToString(), pool?.Name);
        }

        var state = block is null ? SlotState.Free : await SlotAsync(ip, block.Block, cancellation);
        return new AddressState(text, Name(state, catalog.Reservations.Holds(ip), pool is null && block is null), null, block?.Block.ToString(), pool?.Name);
    }

    public async Task<Answer<AddressList>> AddressesAsync(AddressQuery query, CancellationToken cancellation)
    {
        var (catalog, _) = await workplace.CatalogAsync(cancellation);
        var checks = new Checks();
        var filter = new AddressFilter
        {
            Handle = query.Handle,
            Holder = query.Host is null ? null : Owner.Host(query.Host),
            Range = RangeOf(catalog, query.Block, "block", checks) ?? RangeOf(catalog, query.Pool, "pool", checks),
            Borrowed = query.Borrowed,
            Limit = query.Limit,
            After = After(query.Continue, checks),
        };
        if (query.Limit is < 1 or > MostRows)
        {
            checks.Say(RefusalCode.OutOfRange, "limit", $"limit is {query.Limit}; it is from 1 to {MostRows}.");
        }

        if (checks.AreBad)
        {
            return checks.Refusals;
        }

        var page = await Views.FindAddressesAsync(filter, cancellation);
        var shown = await Views.ShowAllAsync(catalog, page.Items, cancellation);
        return new AddressList(shown, page.More ? page.Items[^1].Ip.ToString() : null);
    }

    public async Task<Answer<ImmutableArray<HeldInterval>>> HistoryAsync(string text, CancellationToken cancellation)
    {
        if (!IpAddress.TryParse(text, out var ip))
        {
            return new Refusal(RefusalCode.BadIp, $"'{text}' is not an IP address.", "ip");
        }

        var past = await Views.HistoryAsync(ip, cancellation);
        var present = await Views.AddressAsync(ip, cancellation);
        var all = past.Select(static row => Interval(row.Held, row.ReleasedAt, row.Why));
        return (ImmutableArray<HeldInterval>)[.. present is null ? all : all.Append(Interval(present, to: null, why: null))];
    }

    public async Task<Answer<ImmutableArray<BlockView>>> BlocksAsync(BlockQuery query, CancellationToken cancellation)
    {
        var (catalog, _) = await workplace.CatalogAsync(cancellation);
        var checks = new Checks();
        var range = RangeOf(catalog, query.Pool, "pool", checks);
        if (checks.AreBad)
        {
            return checks.Refusals;
        }

        var rows = query.Host is { } host
            ? (await Views.BlocksOfAsync(Owner.Host(host), cancellation)).Where(row => range is null || range.Value.Overlaps(row.Block))
            : await AllBlocksAsync(range, cancellation);
        return (ImmutableArray<BlockView>)[.. rows.Select(row => Show(catalog, row))];
    }

    public async Task<Answer<ImmutableArray<Utilization>>> UtilizationAsync(string? pool, bool withBlocks, CancellationToken cancellation)
    {
        var (catalog, _) = await workplace.CatalogAsync(cancellation);
        var pools = pool is null
            ? catalog.Pools
            : [.. catalog.Pools.Where(known => known.Name == pool || known.Range.ToString() == pool)];
        if (pool is not null && pools.IsEmpty)
        {
            return new Refusal(RefusalCode.NotFound, $"There is no IPPool with the name or CIDR {pool}.", "pool");
        }

        var groups = ImmutableArray.CreateBuilder<Utilization>();
        foreach (var known in pools)
        {
            groups.Add(await UseOfAsync(catalog, known, withBlocks, cancellation));
        }

        if (pool is null)
        {
            var strays = (await AllBlocksAsync(null, cancellation)).Where(row => catalog.PoolHolding(row.Block.First) is null).ToImmutableArray();
            if (!strays.IsEmpty)
            {
                groups.Add(new("", null, 0, 0, 0, 0, 0, 0, await UsesAsync(catalog, strays, cancellation)));
            }
        }

        return groups.ToImmutable();
    }

    private async Task<Utilization> UseOfAsync(ResourceCatalog catalog, PoolPolicy pool, bool withBlocks, CancellationToken cancellation)
    {
        var rows = await AllBlocksAsync(pool.Range, cancellation);
        var blocks = await UsesAsync(catalog, rows, cancellation);
        var space = PoolSpace.Of(pool.Range, catalog.Reservations, rows.Select(static row => row.Block));
        var available = UInt128.Min(long.MaxValue, (UInt128)space.AvailableOutsideBlocks + (UInt128)blocks.Sum(static block => block.Available));
        return new(
            pool.Range.ToString(), pool.Name, space.Capacity, blocks.Sum(static block => block.InUse), space.Reserved, (long)available,
            blocks.Sum(static block => block.Cooling), blocks.Sum(static block => block.Borrowed), withBlocks ? blocks : []);
    }

    private async Task<ImmutableArray<Utilization>> UsesAsync(ResourceCatalog catalog, ImmutableArray<BlockRow> rows, CancellationToken cancellation)
    {
        var uses = ImmutableArray.CreateBuilder<Utilization>(rows.Length);
        foreach (var row in rows)
        {
            // Only a block that a reservation touches needs its free addresses looked at one by one.
            var touched = catalog.Reservations.Touches(row.Block);
            var available = touched ? await AvailableAsync(catalog, row.Block, cancellation) : row.Free;
            uses.Add(new(
                row.Block.ToString(), null, row.Size, row.Size - row.Free, touched ? (long)catalog.Reservations.CountIn(row.Block) : 0, available, row.Cooling, row.Borrowed, []));
        }

        return uses.MoveToImmutable();
    }

    private async Task<int> AvailableAsync(ResourceCatalog catalog, Cidr range, CancellationToken cancellation)
    {
        var entry = workplace.Supplies.BlockEntry(range);
        await entry.RefreshAsync(workplace.Ports.Journal, cancellation);
        var block = entry.State;
        return block.NextFree(block.Size, ordinal => catalog.Reservations.Holds(block.AddressAt(ordinal))).Length;
    }

    private async Task<SlotState> SlotAsync(IpAddress ip, Cidr range, CancellationToken cancellation)
    {
        var entry = workplace.Supplies.BlockEntry(range);
        await entry.RefreshAsync(workplace.Ports.Journal, cancellation);
        return entry.State.IsOpen ? entry.State.Slots[entry.State.OrdinalOf(ip)].State : SlotState.Free;
    }

    private async Task<ImmutableArray<BlockRow>> AllBlocksAsync(Cidr? range, CancellationToken cancellation)
    {
        var all = ImmutableArray.CreateBuilder<BlockRow>();
        ImmutableArray<BlockRow> page;
        do
        {
            page = await Views.BlocksInAsync(range, BlocksPerPage, all.Count == 0 ? null : all[^1].Block, cancellation);
            all.AddRange(page);
        }
        while (page.Length == BlocksPerPage);
        return all.ToImmutable();
    }

    private static string Name(SlotState state, bool reserved, bool outside) => (state, reserved, outside) switch
    {
        (SlotState.Held, _, _) => "assigned",
        (SlotState.Cooling, _, _) => "cooling",
        (SlotState.HostReserved, _, _) or (_, true, false) => "reserved",
        (_, _, true) => "outside",
        _ => "free",
    };

    private static Cidr? RangeOf(ResourceCatalog catalog, string? text, string field, Checks checks)
    {
        if (text is null)
        {
            return null;
        }

        if (Cidr.TryParse(text, out var range))
        {
            return range;
        }

        if (field == "pool" && catalog.PoolNamed(text) is { } pool)
        {
            return pool.Range;
        }

        checks.Say(field == "pool" ? RefusalCode.NotFound : RefusalCode.CidrInvalid, field, field == "pool" ? $"There is no IPPool {text}." : $"'{text}' is not a CIDR.");
        return null;
    }

    private static IpAddress? After(string? token, Checks checks)
    {
        if (token is null)
        {
            return null;
        }

        if (IpAddress.TryParse(token, out var after))
        {
            return after;
        }

        checks.Say(RefusalCode.Invalid, "continue", "continue is not a token this server gave.");
        return null;
    }

    private static HeldInterval Interval(AddressRow row, DateTimeOffset? to, string? why) =>
        new(row.Ip.ToString(), row.Handle, row.Holder.Name, row.Generation, row.Since, to, why, row.Attributes);

    private static BlockView Show(ResourceCatalog catalog, BlockRow row) => new(
        row.Block.ToString(), catalog.PoolHolding(row.Block.First)?.Name, row.Owner?.Name, row.Owner is null ? "orphan" : "owned", row.Size, row.Free,
        row.Assigned, row.Cooling, (long)catalog.Reservations.CountIn(row.Block), row.HostReserved, row.Borrowed);
}

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
    private const int MostRows = 10_000;

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
        var filter = FilterOf(catalog, query, checks);
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

    private async Task<SlotState> SlotAsync(IpAddress ip, Cidr range, CancellationToken cancellation)
    {
        var entry = workplace.Supplies.BlockEntry(range);
        await entry.RefreshAsync(workplace.Ports.Journal, cancellation);
        return entry.State.IsOpen ? entry.State.Slots.StateOf(entry.State.OrdinalOf(ip)) : SlotState.Free;
    }

    internal static string Name(SlotState state, bool reserved, bool outside) => (state, reserved, outside) switch
    {
        (SlotState.Held, _, _) => "assigned",
        (SlotState.Cooling, _, _) => "cooling",
        (SlotState.HostReserved, _, _) or (_, true, false) => "reserved",
        (_, _, true) => "outside",
        _ => "free",
    };

    internal static Cidr? RangeOf(ResourceCatalog catalog, string? text, string field, Checks checks)
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

    internal static AddressFilter FilterOf(ResourceCatalog catalog, AddressQuery query, Checks checks)
    {
        if (query.Limit is < 1 or > MostRows)
        {
            checks.Say(RefusalCode.OutOfRange, "limit", $"limit is {query.Limit}; it is from 1 to {MostRows}.");
        }

        return new()
        {
            Handle = query.Handle,
            Holder = query.Host is null ? null : Owner.Host(query.Host),
            Range = RangeOf(catalog, query.Block, "block", checks) ?? RangeOf(catalog, query.Pool, "pool", checks),
            Borrowed = query.Borrowed,
            Limit = query.Limit,
            After = After(query.Continue, checks),
        };
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

    internal static HeldInterval Interval(AddressRow row, DateTimeOffset? to, string? why) =>
        new(row.Ip.ToString(), row.Handle, row.Holder.Name, row.Generation, row.Since, to, why, row.Attributes) { Redacted = row.IsRedacted ? true : null };
}

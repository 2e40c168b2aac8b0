using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Door;

namespace ActorIpam.Engine.Past;

/// <summary>Where questions about a stretch of time come in: every holder, every owner of a block, every state of a resource.</summary>
internal sealed class HistoryDoor(Workplace workplace, IPastViews past)
{
    private const int MostRows = 10_000;

    public async Task<Answer<HistoryPage>> HoldingsAsync(HistoryQuery query, CancellationToken cancellation)
    {
        var checks = new Checks();
        CheckLimit(checks, query.Limit);
        if (query.From is { } from && query.To is { } to && from >= to)
        {
            checks.Say(RefusalCode.OutOfRange, "to", $"to must be behind from, and {to.UtcDateTime:O} is not behind {from.UtcDateTime:O}.");
        }

        IpAddress? ip = query.Ip is null ? null : IpAddress.TryParse(query.Ip, out var parsed) ? parsed : null;
        if (query.Ip is not null && ip is null)
        {
            checks.Say(RefusalCode.BadIp, "ip", $"'{query.Ip}' is not an IP address.");
        }

        HoldingPlace? after = query.Continue is null ? null : HistoryToken.Read(query.Continue);
        if (query.Continue is not null && after is null)
        {
            checks.Say(RefusalCode.Invalid, "continue", "continue is not a token this server gave.");
        }

        var pool = query.Pool is null ? null : await UidAsync(query.Pool, checks, cancellation);
        if (checks.AreBad)
        {
            return checks.Refusals;
        }

        var page = await past.HoldingsAsync(
            new()
            {
                Ip = ip,
                Handle = query.Handle,
                Holder = query.Host is null ? null : Owner.Host(query.Host),
                Pool = pool,
                From = query.From?.Whole(),
                To = query.To?.Whole(),
                NewestFirst = query.NewestFirst,
                Limit = query.Limit,
                After = after,
            },
            cancellation);
        return new HistoryPage
        {
            Items = [.. page.Items.Select(static row => QueryDoor.Interval(row.Held, row.ReleasedAt, row.Why))],
            Continue = page.More ? HistoryToken.Write(HoldingPlace.Of(page.Items[^1])) : null,
            Horizon = await past.HorizonAsync(cancellation),
        };
    }

    public async Task<Answer<BlockHistoryPage>> BlockAsync(string block, int limit, string? token, CancellationToken cancellation)
    {
        var checks = new Checks();
        CheckLimit(checks, limit);
        if (!Cidr.TryParse(block, out var range))
        {
            checks.Say(RefusalCode.CidrInvalid, "block", $"'{block}' is not a CIDR.");
        }

        var after = Number(token, checks);
        if (checks.AreBad)
        {
            return checks.Refusals;
        }

        var (catalog, _) = await workplace.CatalogAsync(cancellation);
        var page = await past.BlockHistoryAsync(range, after, limit, cancellation);
        return new BlockHistoryPage
        {
            Items = [.. page.Items.Select(row => new BlockInterval(
                row.Block.ToString(), catalog.PoolByUid(row.Pool)?.Name ?? row.Pool, row.Owner?.Name, row.From, row.To, row.Why, row.Ended))],
            Continue = page.More ? Text(page.Items[^1].Version) : null,
            Horizon = await past.HorizonAsync(cancellation),
        };
    }

    public async Task<Answer<ResourceHistoryPage>> ResourceAsync(ResourceKind kind, string name, int limit, string? token, CancellationToken cancellation)
    {
        var checks = new Checks();
        CheckLimit(checks, limit);
        var skip = Number(token, checks);
        if (checks.AreBad)
        {
            return checks.Refusals;
        }

        var page = await past.ResourceHistoryAsync(kind.ToString(), name, (int)Math.Min(skip, int.MaxValue), limit, cancellation);
        return new ResourceHistoryPage
        {
            Items = [.. page.Items.Select(static row => new ResourceInterval(row.From, row.To, JsonElement.Parse(row.Row.Body)))],
            Continue = page.More ? Text(skip + page.Items.Length) : null,
            Horizon = await past.HorizonAsync(cancellation),
        };
    }

    private static void CheckLimit(Checks checks, int limit)
    {
        if (limit is < 1 or > MostRows)
        {
            checks.Say(RefusalCode.OutOfRange, "limit", $"limit is {limit}; it is from 1 to {MostRows}.");
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Number(string? token, Checks checks)
    {
        if (token is null || (long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0))
        {
            return token is null ? 0 : long.Parse(token, CultureInfo.InvariantCulture);
        }

        checks.Say(RefusalCode.Invalid, "continue", "continue is not a token this server gave.");
        return 0;
    }

    /// <summary>The uid of a pool that is, or of the last one of that name that was.</summary>
    private async Task<string?> UidAsync(string text, Checks checks, CancellationToken cancellation)
    {
        var (catalog, _) = await workplace.CatalogAsync(cancellation);
        if (catalog.Pools.FirstOrDefault(pool => pool.Name == text || pool.Uid == text || pool.Range.ToString() == text) is { } known)
        {
            return known.Uid;
        }

        string? uid = Guid.TryParse(text, out _) ? text : null;
        for (var (skip, more) = (0, true); more; skip += MostRows)
        {
            var page = await past.ResourceHistoryAsync(nameof(ResourceKind.IPPool), text, skip, MostRows, cancellation);
            uid = page.Items.IsEmpty ? uid : page.Items[^1].Row.Uid;
            more = page.More;
        }

        if (uid is null)
        {
            checks.Say(RefusalCode.NotFound, "pool", $"There is no IPPool {text}, and history tells of none; a pool that is gone is found by its name or uid.");
        }

        return uid;
    }
}

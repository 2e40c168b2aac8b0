using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Door;

namespace ActorIpam.Engine.Tunnels;

/// <summary>Brings the tunnel addresses of one node to what pools ask for, step by step, through the door like any other caller.</summary>
internal sealed class TunnelAddresses(Workplace workplace, IpamDoor door)
{
    /// <summary>Assign, record and release, with room for one that somebody else undid.</summary>
    private const int MostSteps = 6;

    private IViews Views => workplace.Ports.Views;

    /// <returns>True when nothing is left to do; false when another try is needed.</returns>
    public async Task<bool> SettleAsync(TunnelKind kind, string name, CancellationToken stop)
    {
        var exhausted = false;
        for (var step = 0; step < MostSteps; step++)
        {
            Task<TunnelSight?> LookAsync() => SeeAsync(kind, name, exhausted, stop);
            var sight = await LookAsync();
            if (sight is not null && ActsOnWhatIsSeen(sight))
            {
                sight = await workplace.SettledAsync(sight, LookAsync, IsSame, stop);
            }

            if (sight is null)
            {
                // The node is found gone when the nodes are looked at again.
                return true;
            }

            switch (TunnelStep.Next(sight))
            {
                case TunnelStep.Settled:
                    return !exhausted;
                case TunnelStep.Release release:
                    await ReleaseAsync(release.Rows, stop);
                    break;
                case TunnelStep.Record record when (await door.UpdateAsync(kind.With(sight.Node, record.Address), dryRun: false, stop)).IsRefused:
                    return false;
                case TunnelStep.Assign:
                    var assigned = await door.AssignAsync(Ask(kind, name, sight), stop);
                    if (assigned.IsRefused)
                    {
                        return false;
                    }

                    // An address of a pool that qualifies no longer is given up even if there is none to replace it.
                    exhausted = assigned.Value.Ipv4.IsEmpty && assigned.Value.Ipv6.IsEmpty;
                    break;
            }
        }

        return false;
    }

    /// <summary>Releases what the node holds for tunnels, if it is still gone once that was read.</summary>
    public async Task ForgetAsync(string name, CancellationToken stop)
    {
        async Task<bool> IsGoneAsync() => (await workplace.CatalogAsync(stop)).Catalog.Node(name) is null;
        foreach (var kind in TunnelKind.All)
        {
            var rows = await Views.AddressesOfHandleAsync(kind.Handle(name), stop);
            ImmutableArray<AddressRow> held = [.. rows.Where(row => IsOf(kind, name, row))];
            if (!held.IsEmpty && await IsGoneAsync() && await workplace.SettledAsync(true, IsGoneAsync, static (one, other) => one == other, stop))
            {
                await ReleaseAsync(held, stop);
            }
        }
    }

    /// <summary>Whose tunnel address this is; null for any other address.</summary>
    public static string? NodeOf(AddressRow row) =>
        row.Holder.Kind == OwnerKind.Host && TunnelKind.All.Any(kind => IsOf(kind, row.Holder.Name, row)) ? row.Holder.Name : null;

    /// <summary>Whether the step records, releases or replaces something that may only be seen and not yet durable; the first address of a handle is guarded by its cap.</summary>
    private static bool ActsOnWhatIsSeen(TunnelSight sight) => TunnelStep.Next(sight) switch
    {
        TunnelStep.Settled => false,
        TunnelStep.Assign => sight.UnderHandle > 0,
        _ => true,
    };

    /// <summary>Whether two sights lead to the same step.</summary>
    private static bool IsSame(TunnelSight? one, TunnelSight? other) => one is null || other is null
        ? one is null && other is null
        : one.UnderHandle == other.UnderHandle && one.Node == other.Node && (TunnelStep.Next(one), TunnelStep.Next(other)) switch
        {
            (TunnelStep.Record first, TunnelStep.Record second) => first.Address == second.Address,
            (TunnelStep.Release first, TunnelStep.Release second) => first.Rows.Select(static row => (row.Ip, row.Generation)).SequenceEqual(second.Rows.Select(static row => (row.Ip, row.Generation))),
            var (first, second) => first.GetType() == second.GetType(),
        };

    private static bool IsOf(TunnelKind kind, string node, AddressRow row) =>
        row.Handle == kind.Handle(node) && row.Holder == Owner.Host(node) && row.Attributes.GetValueOrDefault("type") == kind.Type;

    /// <returns>Null when there is no such node.</returns>
    private async Task<TunnelSight?> SeeAsync(TunnelKind kind, string name, bool exhausted, CancellationToken stop)
    {
        var (catalog, _) = await workplace.CatalogAsync(stop);
        if (catalog.Node(name) is not { } node)
        {
            return null;
        }

        var eligible = exhausted ? [] : kind.Eligible(catalog, node);
        var rows = await Views.AddressesOfHandleAsync(kind.Handle(name), stop);
        ImmutableArray<AddressRow> held = [.. rows.Where(row => IsOf(kind, name, row))];
        var recorded = kind.Recorded(node);
        if (!IpAddress.TryParse(recorded, out var ip))
        {
            return new(node, recorded, IsRecordedByUs: false, held, rows.Length, eligible);
        }

        // One that somebody released by hand is still known from its history.
        var ours = held.Any(row => row.Ip == ip) || (await Views.HistoryAsync(ip, stop)).Any(past => IsOf(kind, name, past.Held));
        return new(node, ip.ToString(), ours, held, rows.Length, eligible);
    }

    private static AssignRequest Ask(TunnelKind kind, string node, TunnelSight sight)
    {
        ImmutableArray<string> pools = [.. sight.Eligible.Take(Checks.MostPools).Select(static pool => pool.Name)];
        var request = new AssignRequest
        {
            Host = node,
            Handle = kind.Handle(node),
            Use = nameof(PoolUse.Tunnel),
            Attributes = Metadata.EmptyMap.Add("node", node).Add("type", kind.Type),

            // One more than what was seen: two members that see the same get one address between them.
            MaxPerHandle = sight.UnderHandle + 1,
        };
#if PLANTED_BUGS
        request = EventSourcing.Planted.Is("tunnel-address-without-a-cap") ? request with { MaxPerHandle = 0 } : request;
#endif
        return kind.Family == IpFamily.V4 ? request with { Ipv4 = 1, Ipv4Pools = pools } : request with { Ipv6 = 1, Ipv6Pools = pools };
    }

    /// <summary>Each under the generation it was seen with: one that was released and assigned anew meanwhile stays.</summary>
    private Task<Answer<ReleaseAnswer>> ReleaseAsync(ImmutableArray<AddressRow> rows, CancellationToken stop) =>
        door.ReleaseAsync(new() { Addresses = [.. rows.Select(static row => new ReleaseEntry(row.Ip.ToString(), row.Handle, row.Generation))] }, stop);
}

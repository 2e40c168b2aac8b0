using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.Tunnels;

/// <summary>What is to be done next for one tunnel address of one node. Each step is one ordinary unit; afterwards everything is looked at again.</summary>
internal abstract record TunnelStep
{
    private TunnelStep() { }

    /// <summary>All is as it should be.</summary>
    public sealed record Settled : TunnelStep;

    /// <summary>The Node is to name this address, or none.</summary>
    public sealed record Record(IpAddress? Address) : TunnelStep;

    /// <summary>An address is needed.</summary>
    public sealed record Assign : TunnelStep;

    /// <summary>These are held for nothing.</summary>
    public sealed record Release(ImmutableArray<AddressRow> Rows) : TunnelStep;

    /// <summary>
    /// Decides (semantics.md §19): an address is kept while it is held and inside an eligible pool, else replaced; what no pool wants any more goes.
    /// The Node is changed before an address is released and after one was assigned, so that whatever is interrupted leaves an address too many, never a name without an address.
    /// </summary>
    public static TunnelStep Next(TunnelSight sight)
    {
        if (sight is { Recorded: not null, IsRecordedByUs: false })
        {
            return ReleaseOrSettle(sight.Held);
        }

        var kept = sight.Held.Where(row => sight.Eligible.Any(pool => pool.Range.Contains(row.Ip))).ToList();
        var wanted = (kept.Find(row => row.Ip.ToString() == sight.Recorded) ?? kept.FirstOrDefault())?.Ip;
        return wanted is null && !sight.Eligible.IsEmpty ? new Assign()
            : wanted?.ToString() != sight.Recorded ? new Record(wanted)
            : ReleaseOrSettle([.. sight.Held.Where(row => row.Ip != wanted)]);
    }

    private static TunnelStep ReleaseOrSettle(ImmutableArray<AddressRow> rows) => rows.IsEmpty ? new Settled() : new Release(rows);
}

/// <summary>What a decision about one tunnel address of one node looks at.</summary>
/// <param name="Node">The node, as stored.</param>
/// <param name="Recorded">The address that the Node names, as canonical text; null for none.</param>
/// <param name="IsRecordedByUs">Whether it is, or was, held under the handle of this tunnel; else a user chose it.</param>
/// <param name="Held">What the handle holds for this node and type, in address order.</param>
/// <param name="UnderHandle">How many addresses the handle holds in all, whoever assigned them.</param>
/// <param name="Eligible">The pools it may come from.</param>
internal sealed record TunnelSight(Node Node, string? Recorded, bool IsRecordedByUs, ImmutableArray<AddressRow> Held, int UnderHandle, ImmutableArray<PoolPolicy> Eligible);

using System.Collections.Immutable;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Pools;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.Checking;

/// <summary>Compares the claims a pool knows of with the owners its blocks show (INV-5).</summary>
internal sealed class PoolCheck(MemberPorts ports, Findings findings)
{
    private const int PerPage = 1000;

    public async Task RunAsync(PoolPolicy policy, CancellationToken cancellation)
    {
        if (await Replay.OfAsync(ports, findings, Streams.Pool(policy.Uid), Pool.On(policy.Grid), PoolEventCodec.Instance, cancellation) is not { } first)
        {
            return;
        }

        findings.Count(pools: 1);

        // What agrees at once is not looked at again: a look replays the whole pool.
        var claimed = new Dictionary<Domain.Addressing.Cidr, Domain.Blocks.Owner>(first.State.Owners);
        ImmutableArray<BlockRow> page = [];
        do
        {
            page = await ports.Views.BlocksInAsync(policy.Range, PerPage, page.IsEmpty ? null : page[^1].Block, cancellation);
            foreach (var row in page)
            {
                Domain.Blocks.Owner? owner = claimed.Remove(row.Block, out var known) ? known : null;
                if (owner != row.Owner && (owner is not null || row.Pool == policy.Uid))
                {
                    await CompareAsync(policy, row.Block, cancellation);
                }
            }
        }
        while (page.Length == PerPage);
        foreach (var block in claimed.Keys.Order())
        {
            await CompareAsync(policy, block, cancellation);
        }
    }

    /// <summary>Looks again at a block until the pool stood still around the look.</summary>
    private async Task CompareAsync(PoolPolicy policy, Domain.Addressing.Cidr block, CancellationToken cancellation)
    {
        for (var look = 0; look < Replay.Looks; look++)
        {
            var heads = await ports.Journal.HeadsAsync([Streams.Pool(policy.Uid)], cancellation);
            var row = await ports.Views.BlockAsync(block, cancellation);
            if (await Replay.OfAsync(ports, findings, Streams.Pool(policy.Uid), Pool.On(policy.Grid), PoolEventCodec.Instance, cancellation) is not { } replayed)
            {
                return;
            }

            Domain.Blocks.Owner? claimed = replayed.State.Owners.TryGetValue(block, out var owner) ? owner : null;
            if (claimed == row?.Owner)
            {
                return;
            }

            if (replayed.Head == heads[0])
            {
                findings.Add(CheckKind.OwnerDiffers, block.ToString(), $"Pool {policy.Name} says that {claimed?.ToString() ?? "nobody"} claimed it; the block shows {row?.Owner?.ToString() ?? "no owner"}.");
                return;
            }
        }
    }
}

using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Pools;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.Checking;

/// <summary>Replays the journal beside the views of a live system, without a lock, and says where they disagree.</summary>
/// <remarks>
/// What moves while it is looked at is looked at again: a difference counts only when the versions on both sides agree. Streams, rows and addresses are
/// read by pages and none is kept, so a journal of any size is checked in the memory of its largest stream.
/// </remarks>
internal sealed class Checker(MemberPorts ports, Action<CheckProgress>? tell = null)
{
    private const int PerPage = 1000;

    public async Task<CheckReport> RunAsync(CancellationToken cancellation)
    {
        var findings = new Findings(tell);
        if (await new CatalogCheck(ports, findings).RunAsync(cancellation) is not { } replayed)
        {
            return findings.Report;
        }

        var catalog = replayed.State;
        var owners = await CheckRowsAsync(catalog, findings, cancellation);
        await CheckStreamsWithoutRowAsync(findings, cancellation);
        foreach (var pool in catalog.Pools)
        {
            findings.Pass("pools");
            await new PoolCheck(ports, findings).RunAsync(pool, cancellation);
        }

        await CheckGonePoolsAsync(catalog, findings, cancellation);
        await LookForStraysAsync(findings, cancellation);
        await new StreamsCheck(ports, findings, replayed).RunAsync(owners, cancellation);
        await new RequestCheck(ports, findings).RunAsync(cancellation);
        return findings.Report;
    }

    /// <summary>Every block that the view shows, and how many of them each host has (INV-12).</summary>
    private async Task<IReadOnlyCollection<Owner>> CheckRowsAsync(ResourceCatalog catalog, Findings findings, CancellationToken cancellation)
    {
        var blocks = new BlockCheck(ports, findings);
        var owned = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var owners = new HashSet<Owner>();
        await foreach (var row in BlocksAsync(cancellation))
        {
            findings.Pass("blocks");
            await blocks.RunAsync(row.Block, cancellation);
            if (row.Owner is { } owner)
            {
                owners.Add(owner);
                owned[owner.Name] = owned.GetValueOrDefault(owner.Name) + 1;
            }
        }

        var most = catalog.Rules.MaxBlocksPerHost;
        foreach (var (host, count) in owned.Where(pair => most > 0 && pair.Value > most))
        {
            findings.Remark($"{host} has {count} blocks; maxBlocksPerHost is {most} now. Blocks that were there before it was lowered, or were claimed by command, stay.");
        }

        return owners;
    }

    /// <summary>Every block that ever was and that no row shows: one that is open by its stream, an orphan above all, is missing from the view.</summary>
    private async Task CheckStreamsWithoutRowAsync(Findings findings, CancellationToken cancellation)
    {
        var blocks = new BlockCheck(ports, findings);
        await foreach (var stream in StreamsAsync("block/", cancellation))
        {
            findings.Pass("streams");
            if (Cidr.TryParse(stream.Stream.Value["block/".Length..], out var range) && await ports.Views.BlockAsync(range, cancellation) is null)
            {
                await blocks.RunAsync(range, cancellation);
            }
        }
    }

    /// <summary>Pools that were deleted must not have a claim left (INV-5): the deletion waited for the last.</summary>
    private async Task CheckGonePoolsAsync(ResourceCatalog catalog, Findings findings, CancellationToken cancellation)
    {
        await foreach (var stream in StreamsAsync("pool/", cancellation))
        {
            if (catalog.PoolByUid(stream.Stream.Value["pool/".Length..]) is not null)
            {
                continue;
            }

            var tail = await ports.Journal.ReadAsync(stream.Stream, Head.None, cancellation);
            var claimed = new SortedSet<Cidr>();
            foreach (var fact in tail.Rows.SelectMany(static row => PoolEventCodec.Instance.Read(row.Events, row.Schema)))
            {
                _ = fact switch
                {
                    PoolEvent.BlockClaimed claim => claimed.Add(claim.Block),
                    PoolEvent.BlockGivenBack back => claimed.Remove(back.Block),
                    PoolEvent.BlockOrphaned orphaned => claimed.Remove(orphaned.Block),
                    _ => false,
                };
            }

            // A pool that was created while we looked is no gone one.
            if (claimed.Count > 0 && !await IsKnownAsync(stream.Stream, cancellation))
            {
                findings.Add(CheckKind.OwnerDiffers, claimed.Min.ToString(), $"{stream.Stream} is of a pool that is gone, and still claims {claimed.Count} blocks.");
            }
        }
    }

    private async Task<bool> IsKnownAsync(StreamId pool, CancellationToken cancellation)
    {
        var rows = await ports.Views.ResourcesAsync(nameof(Domain.Resources.ResourceKind.IPPool), cancellation);
        return rows.Any(row => Streams.Pool(row.Uid) == pool);
    }

    private async IAsyncEnumerable<BlockRow> BlocksAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        ImmutableArray<BlockRow> page = [];
        do
        {
            page = await ports.Views.BlocksInAsync(null, PerPage, page.IsEmpty ? null : page[^1].Block, cancellation);
            foreach (var row in page)
            {
                yield return row;
            }
        }
        while (page.Length == PerPage);
    }

    private async IAsyncEnumerable<StreamHead> StreamsAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ImmutableArray<StreamHead> page = [];
        while (ports.Streams is { } browser)
        {
            page = await browser.StreamsAsync(prefix, page.IsEmpty ? null : page[^1].Stream, PerPage, cancellation);
            foreach (var stream in page)
            {
                yield return stream;
            }

            if (page.Length < PerPage)
            {
                yield break;
            }
        }
    }

    /// <summary>Addresses of blocks that neither a row nor a stream knows: the checks of blocks never came by them.</summary>
    private async Task LookForStraysAsync(Findings findings, CancellationToken cancellation)
    {
        Page<AddressRow>? page = null;
        do
        {
            page = await ports.Views.FindAddressesAsync(new() { Limit = PerPage, After = page?.Items[^1].Ip }, cancellation);
            foreach (var block in page.Items.GroupBy(static row => row.Block))
            {
                findings.Pass("addresses");
                if (await ports.Views.BlockAsync(block.Key, cancellation) is not null || (await ports.Journal.HeadsAsync([Streams.Block(block.Key)], cancellation))[0] != Head.None)
                {
                    continue;
                }

                foreach (var row in block)
                {
                    // What was released since we looked is no stray. Rows are told apart by generation: two readings of one have dictionaries of their own.
                    if (await ports.Views.AddressAsync(row.Ip, cancellation) is { } still && (still.Generation, still.Block) == (row.Generation, row.Block))
                    {
                        findings.Add(CheckKind.AddressStray, row.Ip.ToString(), $"It is held by {row.Handle ?? row.Holder.Name}, and its block {row.Block} does not exist.", Streams.Block(row.Block));
                    }
                }
            }
        }
        while (page.More);
    }
}

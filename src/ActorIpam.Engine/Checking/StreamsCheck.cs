using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Pools;
using ActorIpam.Domain.Requests;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.Checking;

/// <summary>Looks at heads: those without events stand as high as what raised them, every block that was claimed has one, and none is of a stream that nothing leads to.</summary>
internal sealed class StreamsCheck(MemberPorts ports, Findings findings, CatalogReplay catalog)
{
    private const int PerPage = 1000;

    /// <param name="owners">Everybody who has a block.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task RunAsync(IReadOnlyCollection<Owner> owners, CancellationToken cancellation)
    {
        await CheckRaisedAsync(owners, cancellation);
        var claimed = await ClaimedAsync(cancellation);
        await CheckClaimedAsync(claimed, cancellation);
        await LookForStraysAsync(claimed.Keys.ToHashSet(), cancellation);
    }

    /// <remarks>Heads never go down, so one that is read later than what raised it stands no lower. Which commit raised it last stands nowhere else.</remarks>
    private async Task CheckRaisedAsync(IReadOnlyCollection<Owner> owners, CancellationToken cancellation)
    {
        var least = catalog.Raises.Concat(owners.Select(static owner => KeyValuePair.Create(Streams.Host(owner), 1))).ToImmutableArray();
        foreach (var some in least.Chunk(PerPage))
        {
            var heads = await ports.Journal.HeadsAsync([.. some.Select(static pair => pair.Key)], cancellation);
            foreach (var ((stream, raises), head) in some.Zip(heads).Where(static pair => pair.Second.Version < pair.First.Value))
            {
                findings.Add(
                    CheckKind.HeadDiffers, stream.Value,
                    $"Its head stands at {head.Version}, and was raised {raises} time{(raises == 1 ? "" : "s")} at least: a decision that was fenced on it may pass over a change.");
            }
        }
    }

    /// <summary>Every block that any pool ever claimed, with the pool that did it last.</summary>
    public async Task<SortedDictionary<Cidr, StreamId>> ClaimedAsync(CancellationToken cancellation)
    {
        var claimed = new SortedDictionary<Cidr, StreamId>();
        foreach (var pool in catalog.Pools.Order(StringComparer.Ordinal).Select(Streams.Pool))
        {
            var tail = await ports.Journal.ReadAsync(pool, Head.None, cancellation);
            try
            {
                foreach (var claim in tail.Rows.SelectMany(static row => PoolEventCodec.Instance.Read(row.Events, row.Schema)).OfType<PoolEvent.BlockClaimed>())
                {
                    claimed[claim.Block] = pool;
                }
            }
            catch (UnreadableEventException broken)
            {
                findings.Add(CheckKind.StreamBroken, pool.Value, broken.Message);
                continue;
            }

            if (!tail.Rows.IsEmpty && tail.Rows[^1] is var last && last.Version == tail.Head.Version && last.Commit != tail.Head.Commit)
            {
                findings.Add(CheckKind.StreamBroken, pool.Value, $"INV-8: it ends with commit {last.Commit} but its head names {tail.Head.Commit}.");
            }
        }

        return claimed;
    }

    private async Task CheckClaimedAsync(SortedDictionary<Cidr, StreamId> claimed, CancellationToken cancellation)
    {
        foreach (var some in claimed.Chunk(PerPage))
        {
            findings.Pass("streams");
            var heads = await ports.Journal.HeadsAsync([.. some.Select(static pair => Streams.Block(pair.Key))], cancellation);
            foreach (var (block, pool) in some.Zip(heads).Where(static pair => pair.Second == Head.None).Select(static pair => pair.First))
            {
                findings.Add(CheckKind.HeadDiffers, Streams.Block(block).Value, $"{pool} claimed the block, and its stream has no head: it would be opened again over what it holds.");
            }
        }
    }

    /// <remarks>A head at 0 is of a stream that somebody was fenced on and nobody wrote.</remarks>
    private async Task LookForStraysAsync(HashSet<Cidr> claimed, CancellationToken cancellation)
    {
        if (ports.Streams is not { } browser)
        {
            return;
        }

        ImmutableArray<StreamHead> page = [];
        do
        {
            page = await browser.StreamsAsync("", page.IsEmpty ? null : page[^1].Stream, PerPage, cancellation);
            foreach (var stray in page.Where(static found => found.Head.Version > 0).Select(static found => found.Stream))
            {
                findings.Pass("streams");
                if (await FlawOfAsync(stray, claimed, cancellation) is { } flaw)
                {
                    findings.Add(CheckKind.StreamStray, stray.Value, flaw);
                }
            }
        }
        while (page.Length == PerPage);
    }

    private async Task<string?> FlawOfAsync(StreamId stream, HashSet<Cidr> claimed, CancellationToken cancellation)
    {
        if (stream == Streams.Catalog || stream == Streams.Policy)
        {
            return null;
        }

        switch (stream.Value.Split('/', 2))
        {
            case ["node" or "host" or "ready", { Length: > 0 }]:
                return null;
            case ["pool", var uid]:
                return catalog.Pools.Contains(uid) || await IsYoungAsync(cancellation) ? null : "The catalog never knew a pool of this uid.";
            case ["block", var range]:
                return !Cidr.TryParse(range, out var block) || Streams.Block(block) != stream ? "Its name is no range of a block."
                    : claimed.Contains(block) || await WasClaimedMeanwhileAsync(block, cancellation) ? null
                    : "No pool ever claimed this block.";
            default:
                return "No stream has such a name.";
        }
    }

    /// <summary>A pool may have been created since the catalog was replayed.</summary>
    private async Task<bool> IsYoungAsync(CancellationToken cancellation) => (await ports.Journal.HeadsAsync([Streams.Catalog], cancellation))[0] != catalog.Head;

    /// <summary>A block may have been claimed since the pools were read: then the pool that lies around it has moved, and the row of the block is there.</summary>
    private async Task<bool> WasClaimedMeanwhileAsync(Cidr block, CancellationToken cancellation) =>
        await IsYoungAsync(cancellation)
        || (await ports.Views.BlockAsync(block, cancellation) is { } row && (await ClaimedAsync(cancellation)).ContainsKey(row.Block))
        || (await ClaimedAsync(cancellation)).ContainsKey(block);
}

using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Routing;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.Door;

/// <summary>Where questions about the routes of a node come in.</summary>
/// <remarks>
/// The query port reads one instant a call, and a node's routes need several: the catalog, the blocks, and the addresses held by the node or borrowed by anybody.
/// So catalog and ownership are read before and after the addresses, and all of it again when they moved: an answer names owners and pools that
/// were true at one instant at which the addresses were read. While ownership moves faster than that, the last of <see cref="Attempts"/> readings is
/// answered; it may name an address between two owners, which the next question sees settled. Addresses beyond one page are of later instants than the first.
/// </remarks>
internal sealed class RouteDoor(Workplace workplace)
{
    private const int Attempts = 3, PerPage = 10_000;

    private IViews Views => workplace.Ports.Views;

    public async Task<Answer<NodeRouting>> RoutesAsync(string node, CancellationToken cancellation)
    {
        var watch = await WatchAsync(node, cancellation);
        return watch.IsRefused ? watch.Refusals : watch.Value.Routing;
    }

    public async Task<Answer<RouteWatch>> WatchAsync(string node, CancellationToken cancellation)
    {
        var sight = await SeeAsync(node, before: null, cancellation);
        return sight is null ? NotFound(node) : new RouteWatch(this, node, sight);
    }

    /// <summary>What can be seen of a node's routes now; null when there is no such node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="before">What was seen last: an unchanged catalog keeps its topology, so that only blocks that differ are planned again.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<RouteSight?> SeeAsync(string node, RouteSight? before, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (catalog, version) = await workplace.CatalogAsync(cancellation);
            if (catalog.Node(node) is not { } known)
            {
                return null;
            }

            var owners = await OwnersAsync(cancellation);
            var borrowed = await AddressesAsync(new() { Borrowed = true, Limit = PerPage }, cancellation);
            var own = await AddressesAsync(new() { Holder = Owner.Host(node), Limit = PerPage }, cancellation);
            var settled = (await workplace.CatalogAsync(cancellation)).Version == version && (await OwnersAsync(cancellation)).SequenceEqual(owners);
            if (settled || attempt == Attempts)
            {
                var topology = before?.CatalogVersion == version ? before.Topology : Topology.Of(catalog);
                return SightOf(catalog, version, topology, known, owners, borrowed.Concat(own));
            }
        }
    }

    /// <summary>All blocks with the addresses that somebody else than their owner holds: what the routes of every node follow from, but for its own addresses.</summary>
    internal async Task<ImmutableArray<RoutedBlock>> BlocksAsync(CancellationToken cancellation)
    {
        var owners = await OwnersAsync(cancellation);
        return Blocks(owners, await AddressesAsync(new() { Borrowed = true, Limit = PerPage }, cancellation));
    }

    internal static RouteSight SightOf(
        ResourceCatalog catalog, long version, Topology topology, Node node, ImmutableArray<(Cidr Range, Owner? Owner)> owners, IEnumerable<AddressRow> held) =>
        new(version, topology, RoutingNode.Of(node), Blocks(owners, held), Nat(catalog.Pools));

    internal static Refusal NotFound(string node) => new(RefusalCode.NotFound, $"There is no Node {node}.", "node");

    private static ImmutableArray<RoutedBlock> Blocks(ImmutableArray<(Cidr Range, Owner? Owner)> owners, IEnumerable<AddressRow> held)
    {
        // An address of a block that is not there was released meanwhile, or assigned a moment ago.
        var byBlock = held.DistinctBy(static row => row.Ip).ToLookup(static row => row.Block);
        return [.. owners.Select(block => new RoutedBlock(
            block.Range, block.Owner, byBlock[block.Range].ToImmutableSortedDictionary(static row => row.Ip, static row => row.Holder)))];
    }

    private static NatView Nat(ImmutableArray<PoolPolicy> pools)
    {
        var (four, six) = (NatSets.Of(pools, IpFamily.V4), NatSets.Of(pools, IpFamily.V6));
        return new(
            [.. four.MasqueradeSources.Concat(six.MasqueradeSources).Select(static range => range.ToString())],
            [.. four.PoolDestinations.Concat(six.PoolDestinations).Select(static range => range.ToString())]);
    }

    private async Task<ImmutableArray<(Cidr Range, Owner? Owner)>> OwnersAsync(CancellationToken cancellation)
    {
        var all = ImmutableArray.CreateBuilder<(Cidr, Owner?)>();
        ImmutableArray<BlockRow> page = [];
        do
        {
            page = await Views.BlocksInAsync(range: null, PerPage, page.IsEmpty ? null : page[^1].Block, cancellation);
            all.AddRange(page.Select(static row => (row.Block, row.Owner)));
        }
        while (page.Length == PerPage);
        return all.ToImmutable();
    }

    private async Task<ImmutableArray<AddressRow>> AddressesAsync(AddressFilter filter, CancellationToken cancellation)
    {
        var all = ImmutableArray.CreateBuilder<AddressRow>();
        Page<AddressRow> page;
        do
        {
            page = await Views.FindAddressesAsync(all.Count == 0 ? filter : filter with { After = all[^1].Ip }, cancellation);
            all.AddRange(page.Items);
        }
        while (page.More);
        return all.ToImmutable();
    }
}

/// <summary>Everything the routes of one node follow from, as read at one time.</summary>
internal sealed record RouteSight(long CatalogVersion, Topology Topology, RoutingNode Node, ImmutableArray<RoutedBlock> Blocks, NatView Nat);

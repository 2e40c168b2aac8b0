using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Engine.Allocation;

/// <summary>The pools a request may use, in the order they are tried (semantics.md §5.1, steps 3 and 4).</summary>
/// <param name="Considered">Those that were requested, or that select the node and the namespace.</param>
/// <param name="Kept">Those of them that allow the use.</param>
internal sealed record PoolChoice(ImmutableArray<PoolPolicy> Considered, ImmutableArray<PoolPolicy> Kept)
{
    private static readonly ImmutableSortedDictionary<string, string> NoLabels = Metadata.EmptyMap;

    /// <summary>Chooses.</summary>
    /// <param name="catalog">The resources.</param>
    /// <param name="family">The family.</param>
    /// <param name="asked">What was asked of it.</param>
    /// <param name="use">What the addresses are for.</param>
    /// <param name="node">The node that asks; null for a virtual holder.</param>
    /// <param name="namespaceLabels">The labels of the namespace; empty when there is none.</param>
    public static Answer<PoolChoice> Choose(
        ResourceCatalog catalog, IpFamily family, FamilySpec asked, PoolUse use, Node? node, ImmutableSortedDictionary<string, string> namespaceLabels)
    {
        var enabled = catalog.Pools.Where(pool => pool.Range.Family == family && !pool.Disabled).ToImmutableArray();
#if PLANTED_BUGS
        if (EventSourcing.Planted.Is("disabled-pools-serve"))
        {
            enabled = [.. catalog.Pools.Where(pool => pool.Range.Family == family)];
        }

#endif
        var longest = LongestBlock(family, asked.HostReserved);
        if (longest.IsRefused)
        {
            return longest.Refusals;
        }

        var usable = enabled.Where(pool => Fits(pool, longest.Value)).ToImmutableArray();
        if (usable.IsEmpty)
        {
            return new Refusal(RefusalCode.NoQualifiedPool, $"No enabled {family.Text()} pool has blocks that fit this request.");
        }

        var considered = asked.Pools.IsEmpty
            ? Selecting(enabled, node, namespaceLabels)
            : Requested(catalog, usable, family, asked.Pools);
        if (considered.IsRefused)
        {
            return considered.Refusals;
        }

        var kept = considered.Value.Where(pool => pool.Allows(use)).ToImmutableArray();
        return kept.IsEmpty
            ? new Refusal(RefusalCode.NoQualifiedPool, $"No {family.Text()} pool of this request allows the use {use}: {string.Join(", ", considered.Value.Select(static pool => pool.Name))}.")
            : new PoolChoice(considered.Value, kept);
    }

    /// <summary>True if the pool selects the node; a selector that does not parse selects nothing here.</summary>
    public static bool Selects(PoolPolicy pool, Node? node) => pool.NodeSelector?.Matches(node?.Metadata.Labels ?? NoLabels) ?? false;

    /// <summary>True if the pool has blocks that are large enough for what the host keeps of each.</summary>
    public static bool Fits(PoolPolicy pool, FamilySpec asked) => LongestBlock(pool.Range.Family, asked.HostReserved) is { IsRefused: false } longest && Fits(pool, longest.Value);

    /// <summary>The range a request names, by CIDR or by the name of a pool; null for a name nobody has.</summary>
    public static Cidr? Named(ResourceCatalog catalog, string text) => Cidr.TryParse(text, out var cidr) ? cidr : catalog.PoolNamed(text)?.Range;

    /// <summary>Refuses a list of pools with one of the other family in it.</summary>
    public static Refusal? WrongFamily(ResourceCatalog catalog, IpFamily family, ImmutableArray<string> pools)
    {
        foreach (var text in pools)
        {
            if (Named(catalog, text) is { } found && found.Family != family)
            {
                return new(RefusalCode.WrongFamily, $"'{text}' is no {family.Text()} pool.", family == IpFamily.V4 ? "ipv4Pools" : "ipv6Pools");
            }
        }

        return null;
    }

    private static bool Fits(PoolPolicy pool, int longestBlock) => pool.Grid.BlockLength <= longestBlock && pool.Grid.Count > 0;

    private static Answer<int> LongestBlock(IpFamily family, HostReserved? kept) =>
        kept is null ? family.Bits() : HostReservationRules.LargestBlockLength(family, kept.Start, kept.End);

    private static Answer<ImmutableArray<PoolPolicy>> Requested(
        ResourceCatalog catalog, ImmutableArray<PoolPolicy> usable, IpFamily family, ImmutableArray<string> texts)
    {
        var pools = ImmutableArray.CreateBuilder<PoolPolicy>();
        foreach (var text in texts)
        {
            var range = Named(catalog, text);
            if (usable.FirstOrDefault(pool => pool.Range == range) is not { } found)
            {
                return new Refusal(
                    RefusalCode.PoolNotFoundOrDisabled, $"'{text}' is no enabled pool this request can use.", family == IpFamily.V4 ? "ipv4Pools" : "ipv6Pools");
            }

            if (!pools.Contains(found))
            {
                pools.Add(found);
            }
        }

        return pools.ToImmutable();
    }

    private static Answer<ImmutableArray<PoolPolicy>> Selecting(
        ImmutableArray<PoolPolicy> enabled, Node? node, ImmutableSortedDictionary<string, string> namespaceLabels)
    {
        var pools = ImmutableArray.CreateBuilder<PoolPolicy>();
        foreach (var pool in enabled.Where(static pool => pool.Automatic))
        {
            if (pool.NodeSelector is null || pool.NamespaceSelector is null)
            {
                return new Refusal(RefusalCode.SelectorInvalid, $"Pool {pool.Name} has a selector that cannot be read.");
            }

            if (Selects(pool, node) && pool.NamespaceSelector.Matches(namespaceLabels))
            {
                pools.Add(pool);
            }
        }

        return pools.Count == 0
            ? new Refusal(RefusalCode.NoPoolSelectsNode, node is null ? "No enabled pool selects this holder." : $"No enabled pool selects node {node.Metadata.Name}.")
            : pools.ToImmutable();
    }
}

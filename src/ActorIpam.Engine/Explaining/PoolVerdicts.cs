using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Allocation;

namespace ActorIpam.Engine.Explaining;

/// <summary>Says of every pool of a family what it is to a request: the conditions of <see cref="PoolChoice"/>, told one pool at a time.</summary>
internal static class PoolVerdicts
{
    /// <summary>How many pools are told one by one.</summary>
    public const int Most = 50;

    /// <summary>All pools of the family: those that serve first, in the order they are tried.</summary>
    public static ImmutableArray<ExplainedPool> Of(ResourceCatalog catalog, IpFamily family, AssignSpec spec, Node? node)
    {
        var asked = spec.For(family);
        var requested = asked.Pools.IsEmpty ? null : asked.Pools.Select(text => PoolChoice.Named(catalog, text)).ToList();
        var all = catalog.Pools.Where(pool => pool.Range.Family == family)
            .Select(pool => (Pool: pool, Verdict: Judge(pool, asked, spec, node, requested)))
            .OrderBy(static judged => judged.Verdict.Verdict != PoolService.Serves)
            .ThenBy(judged => requested?.IndexOf(judged.Pool.Range) ?? 0);
        return [.. all.Select(static judged => judged.Verdict)];
    }

    private static ExplainedPool Judge(PoolPolicy pool, FamilySpec asked, AssignSpec spec, Node? node, List<Cidr?>? requested)
    {
        var labels = node?.Metadata.Labels ?? Metadata.EmptyMap;
        var whose = node is null ? "a virtual holder without labels" : $"node {node.Metadata.Name}";
        return pool switch
        {
            { Disabled: true } => Say(PoolService.Disabled, "it is disabled"),
            _ when requested is not null && !requested.Contains(pool.Range) => Say(PoolService.NotRequested, "the request names other pools"),
            _ when requested is not null && !PoolChoice.Fits(pool, asked) => Say(PoolService.BlocksTooSmall, "its blocks are too small for what the host keeps of each"),
            _ when requested is null && !pool.Automatic => Say(PoolService.Manual, "its assignmentMode is Manual, and the request does not name it"),
            _ when requested is null && (pool.NodeSelector is null || pool.NamespaceSelector is null) => Say(PoolService.SelectorUnreadable, "it has a selector that cannot be read"),
            _ when requested is null && !PoolChoice.Selects(pool, node) =>
                Say(PoolService.NodeNotSelected, $"its nodeSelector {pool.NodeSelector} does not match {whose} ({pool.NodeSelector!.Seen(labels)})"),
            _ when requested is null && !pool.NamespaceSelector!.Matches(spec.NamespaceLabels) =>
                Say(PoolService.NamespaceNotSelected, $"its namespaceSelector {pool.NamespaceSelector} does not match the namespace ({pool.NamespaceSelector.Seen(spec.NamespaceLabels)})"),
            _ when !pool.Allows(spec.Use) => Say(PoolService.UseNotAllowed, $"its allowedUses are {string.Join(", ", pool.Uses)}; the request is for {spec.Use}"),
            _ => Say(PoolService.Serves, requested is not null ? "the request names it" : $"its nodeSelector {pool.NodeSelector} matches {whose}"),
        };

        ExplainedPool Say(PoolService kind, string reason) => new(pool.Name, pool.Range.ToString(), kind, reason);
    }
}

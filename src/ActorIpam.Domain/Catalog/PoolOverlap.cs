using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;

namespace ActorIpam.Domain.Catalog;

/// <summary>A pool as the overlap judge sees it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Range">Its range.</param>
/// <param name="Created">When it was created.</param>
/// <param name="Disabled">Switched off by its user.</param>
/// <param name="Deleting">Deleted, but blocks of it still exist.</param>
/// <param name="Allocatable">The last verdict; null for a pool that never had one.</param>
public sealed record PoolStanding(string Name, Cidr Range, DateTimeOffset Created, bool Disabled = false, bool Deleting = false, bool? Allocatable = null);

/// <param name="Allocatable">Whether addresses may be taken from it.</param>
/// <param name="Reason">OK, PoolDisabled, Terminating or CIDROverlap.</param>
public readonly record struct PoolVerdict(bool Allocatable, string Reason);

/// <summary>Which of overlapping pools may serve (semantics.md §4.4). A pure function: the catalog itself stores no overlapping pools.</summary>
public static class PoolOverlap
{
    /// <returns>A verdict for each pool, by name.</returns>
    public static ImmutableSortedDictionary<string, PoolVerdict> Judge(IEnumerable<PoolStanding> pools)
    {
        var verdicts = ImmutableSortedDictionary.CreateBuilder<string, PoolVerdict>(StringComparer.Ordinal);
        var masks = new List<Cidr>();
        foreach (var pool in pools.OrderBy(Group).ThenBy(pool => pool.Created).ThenBy(pool => pool.Name, StringComparer.Ordinal))
        {
            var verdict = Verdict(pool, masks);
            if (verdict.Allocatable || verdict.Reason == "Terminating")
            {
                masks.Add(pool.Range);
            }

            verdicts.Add(pool.Name, verdict);
        }

        return verdicts.ToImmutable();
    }

    private static PoolVerdict Verdict(PoolStanding pool, List<Cidr> masks) => pool switch
    {
        { Disabled: true } => new(false, "PoolDisabled"),
        { Deleting: true } => new(false, "Terminating"),
        _ when masks.Exists(mask => mask.Overlaps(pool.Range)) => new(false, "CIDROverlap"),
        _ => new(true, "OK"),
    };

    /// <summary>Who serves already comes first, so that no newcomer displaces it.</summary>
    private static int Group(PoolStanding pool) => pool switch
    {
        { Allocatable: true, Deleting: false } => 0,
        { Deleting: true } => 1,
        { Allocatable: false } => 2,
        _ => 3,
    };
}

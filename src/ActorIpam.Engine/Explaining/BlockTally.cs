using System.Globalization;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Turns;

namespace ActorIpam.Engine.Explaining;

/// <summary>Counts the blocks of a pool by what they were to a request. It looks only at what the plan looked at anyway.</summary>
internal sealed class BlockTally
{
    private readonly List<string> _parts = [];
    private DateTimeOffset? _firstFree;

    private int _own, _ownRoom, _full, _cooling, _reserved, _others, _orphans;

    /// <summary>The counts in words, such as <c>14 full, 2 cooling (first free at 2026-03-01T14:02:10Z)</c>; null for a pool of which nobody had to look at a block.</summary>
    public static string? Of(Draft draft, PoolPolicy pool, OwnerSight owner)
    {
        var tally = new BlockTally();
        foreach (var row in owner.Blocks.Where(row => pool.Range.Contains(row.Block)))
        {
            tally._own++;
            tally.Count(draft, draft.Recall(row.Block)?.Row(row.Version) ?? row, owner.Owner);
        }

        var seen = draft.Room?.Walks.GetValueOrDefault(pool.Range);
        foreach (var row in seen?.Blocks ?? [])
        {
            if (row.Owner != owner.Owner)
            {
                tally.Count(draft, draft.Recall(row.Block)?.Row(row.Version) ?? row, owner.Owner);
            }
        }

        var claimed = draft.RecallPool(pool)?.Owners;
        if (claimed is not null && seen is { More: false })
        {
            // A walk shows every block with room and every orphan; what the pool's books name besides is full.
            var shown = seen.Blocks.Count(row => row.Owner is not null && row.Owner != owner.Owner);
            tally._full += Math.Max(0, claimed.Count(pair => pair.Value != owner.Owner) - shown);
        }

        return tally.InWords(draft, pool, claimed?.Count, seen?.Blocks.Count(static row => row.Owner is null) ?? 0);
    }

    private void Count(Draft draft, BlockRow row, Owner owner)
    {
        if (draft.Catalog.Reservations.Covers(row.Block))
        {
            _reserved++;
        }
        else if (row.Free > 0)
        {
            _ = row.Owner == owner ? _ownRoom++ : row.Owner is null ? _orphans++ : _others++;
        }
        else if (row.CoolingSince is { } since)
        {
            _cooling++;
            var free = since + draft.Catalog.Rules.Cooldown;
            _firstFree = _firstFree < free ? _firstFree : free;
        }
        else
        {
            _full++;
        }
    }

    private string? InWords(Draft draft, PoolPolicy pool, int? claimed, int orphans)
    {
        Say(_full, "full");
        Say(_cooling, _firstFree is { } at ? $"cooling (first free at {Instant(at)})" : "cooling");
        Say(_reserved, "covered by reservations");
        Say(_ownRoom, "own with free addresses");
        Say(_others, draft.Catalog.Rules.StrictAffinity ? "of other hosts with free addresses (strictAffinity forbids borrowing)" : "of other hosts with free addresses");
        Say(_orphans, draft.Catalog.Rules.StrictAffinity ? "without owner (strictAffinity forbids borrowing)" : "without owner, with free addresses");
        if (claimed is { } count && pool.Grid.Count > (UInt128)(count + orphans))
        {
            _parts.Add($"{pool.Grid.Count - (UInt128)(count + orphans)} not claimed");
        }

        return _parts.Count == 0 ? null : $"blocks: {string.Join(", ", _parts)}{(_own > 0 ? $"; {_own} of them are the host's own" : "")}";
    }

    private void Say(int count, string what)
    {
        if (count > 0)
        {
            _parts.Add($"{count} {what}");
        }
    }

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

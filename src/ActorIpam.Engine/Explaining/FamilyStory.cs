using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Allocation;
using ActorIpam.Engine.Turns;

namespace ActorIpam.Engine.Explaining;

/// <summary>Tells how the plan of one family came to its end. Pure: it reads the draft the plan was made on and asks for nothing more.</summary>
internal static class FamilyStory
{
    /// <summary>How many addresses are told one by one.</summary>
    private const int MostAddresses = 50;

    public static FamilyExplanation Of(Draft draft, AssignSpec spec, IpFamily family, OwnerSight owner, Node? node, FamilyResult result)
    {
        var verdicts = PoolVerdicts.Of(draft.Catalog, family, spec, node);
        var told = verdicts.Take(PoolVerdicts.Most)
            .Select(verdict => verdict.Verdict == PoolService.Serves ? verdict with { Blocks = BlockTally.Of(draft, draft.Catalog.PoolNamed(verdict.Pool)!, owner) } : verdict)
            .ToImmutableArray();
        return new(
            (int)family, spec.For(family).Count, result.Rows.Count, told, verdicts.Length - told.Length, Steps(result),
            [.. result.Rows.Take(MostAddresses).Select(row => new ExplainedAddress(row.Row.Ip.ToString(), Reason(draft.Catalog, row)))]);
    }

    /// <summary>The pools and their blocks, for the sentence about a shortage.</summary>
    public static string Shortage(Draft draft, ImmutableArray<PoolPolicy> pools, OwnerSight owner) => string.Join(
        "; ", pools.Take(MostInSentence).Select(pool => $"{pool.Name} has {BlockTally.Of(draft, pool, owner) ?? "no blocks"}"))
        + (pools.Length > MostInSentence ? $"; and {pools.Length - MostInSentence} more pools" : "");

    /// <summary>Why none of the pools serves, for the sentence about it.</summary>
    public static string NoPool(ResourceCatalog catalog, IpFamily family, AssignSpec spec, Node? node)
    {
        var verdicts = PoolVerdicts.Of(catalog, family, spec, node);
        return verdicts.IsEmpty ? $"there is no {family.Text()} pool"
            : string.Join("; ", verdicts.Take(MostInSentence).Select(static verdict => $"{verdict.Pool}: {verdict.Reason}"))
                + (verdicts.Length > MostInSentence ? $"; and {verdicts.Length - MostInSentence} more" : "");
    }

    private const int MostInSentence = 3;

    /// <summary>A row that was just planned, by the catalog it was planned on.</summary>
    public static GrantReason Reason(ResourceCatalog catalog, GrantedRow row)
    {
        var pool = catalog.PoolHolding(row.Row.Ip);
        return GrantSentence.Of(row.Source, row.Grounds, row.Row.Holder, row.Row.Block, pool?.Name, pool is { Automatic: true } ? pool.NodeSelector?.Canonical : null);
    }

    private static ImmutableArray<string> Steps(FamilyResult result)
    {
        var steps = ImmutableArray.CreateBuilder<string>();
        foreach (var taken in result.Rows.GroupBy(static row => (row.Row.Block, row.Source, row.Grounds)))
        {
            steps.Add($"{taken.Count()} from block {taken.Key.Block}: {GrantSentence.Source(taken.Key.Source, taken.Key.Grounds)}");
        }

        steps.AddRange(result.Messages.Select(static message => message.Message));
        if (result.Error is { } error)
        {
            steps.Add(error.Message);
        }

        return [.. steps.Distinct()];
    }
}

/// <summary>The reason of a grant in words.</summary>
internal static class GrantSentence
{
    /// <param name="why">The word of the event.</param>
    /// <param name="grounds">What it rested on; null in what older releases wrote.</param>
    /// <param name="holder">Who holds the address.</param>
    /// <param name="block">The block it lies in.</param>
    /// <param name="pool">The pool as it was then; null when unknown.</param>
    /// <param name="selector">The node selector that chose the pool; null when it was named or is unknown.</param>
    public static GrantReason Of(string why, Grounds? grounds, Owner holder, Cidr block, string? pool, string? selector)
    {
        var chosen = pool is null ? "" : selector is null ? $" of pool {pool}" : $" of pool {pool}, whose nodeSelector {selector} matched";
        return new()
        {
            Why = why,
            Message = $"{holder.Name} was given it from block {block}{chosen}: {Source(why, grounds)}.",
            Pool = pool,
            Selector = selector,
            From = grounds?.From?.Name,
            Blocks = grounds?.Blocks,
            Free = grounds?.Free,
            Catalog = grounds?.Catalog,
        };
    }

    /// <summary>Where it came from, with the counts of that moment.</summary>
    public static string Source(string why, Grounds? grounds)
    {
        var owned = grounds?.Blocks is { } blocks ? $" ({Many(blocks, "own block")} then{(blocks > 0 && why != Taking.Own ? ", all full" : "")})" : "";
        var free = grounds is null ? "" : $"; {Many(grounds.Free, "address", "addresses")} of it {(grounds.Free == 1 ? "was" : "were")} free";
        return why switch
        {
            Taking.Own => $"the host's own block{owned}{free}",
            Taking.Claimed => $"a block nobody had, claimed for it{owned}{free}",
            Taking.Reclaimed => $"an empty block, reclaimed from {grounds?.From?.Name ?? "another host"}{owned}{free}",
            Taking.Borrowed => $"borrowed from {(grounds is null ? "another host" : grounds.From?.Name ?? "a block without owner")}{owned}{free}",
            Taking.Asked => $"this very address was asked for{(grounds?.From is { } from ? $", and borrowed from {from.Name}" : "")}{free}",
            Recovering.AdoptCommand.Adopted => "its host reported it after the journal was brought back from a backup",
            _ => why,
        };
    }

    private static string Many(int count, string one, string? many = null) => count == 1 ? $"1 {one}" : $"{count} {many ?? one + "s"}";
}

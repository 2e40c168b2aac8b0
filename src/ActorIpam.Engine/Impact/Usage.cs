using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.Impact;

/// <summary>What is in use in a range: counts from sums, hosts from the first pages.</summary>
/// <param name="Totals">The sums over all blocks.</param>
/// <param name="Blocks">The blocks, at most <see cref="MostBlocks"/>.</param>
/// <param name="More">Whether there are more.</param>
internal sealed record Usage(BlockTotals Totals, ImmutableArray<BlockRow> Blocks, bool More)
{
    /// <summary>How many blocks are looked at one by one; beyond that, sums alone are told.</summary>
    public const int MostBlocks = 10_000;

    public static async Task<Usage> InAsync(IViews views, Cidr range, CancellationToken cancellation)
    {
        var totals = await views.TotalsAsync([range], cancellation);
        var rows = await views.BlocksInAsync(range, MostBlocks, after: null, cancellation);
        return new(totals[0], rows, rows.Length == MostBlocks);
    }

    public ImmutableArray<string> Hosts => [.. Blocks.Select(static row => row.Owner?.Name).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    public int Empty => Blocks.Count(static row => row is { Owner: not null, Assigned: 0, Cooling: 0 });

    public int Owned => Blocks.Count(static row => row.Owner is not null);

    /// <summary>The blocks of these hosts.</summary>
    public Usage Of(IReadOnlyCollection<string> hosts) => this with { Blocks = [.. Blocks.Where(row => row.Owner is { Kind: OwnerKind.Host } owner && hosts.Contains(owner.Name))] };

    public long Assigned => Blocks.Sum(static row => (long)row.Assigned);

    /// <summary>Such as <c>214 addresses in use on 12 hosts</c>.</summary>
    public string InUse() => $"{Wording.Many(Totals.Assigned, "address", "addresses")} in use on {(More ? "at least " : "")}{Wording.Many(Hosts.Length, "host")}";
}

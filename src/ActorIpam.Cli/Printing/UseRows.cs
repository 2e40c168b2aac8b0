using System.Globalization;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Cli.Printing;

/// <summary>The rows of <c>ipam show</c> (semantics.md §13, §15): a pool, then its blocks; blocks of no pool without a row of their own.</summary>
internal static class UseRows
{
    public static readonly string[] Headings = ["GROUPING", "CIDR", "IPS TOTAL", "IPS IN USE", "IPS RESERVED", "IPS FREE"];

    public static IEnumerable<string[]> Of(Utilization pool, bool blocks)
    {
        if (pool.Name is not null)
        {
            yield return Row("IP Pool", pool);
        }

        foreach (var block in blocks && !pool.Blocks.IsDefault ? pool.Blocks : [])
        {
            yield return Row("Block", block);
        }
    }

    /// <summary>A count with at most five significant digits.</summary>
    public static string Count(long count) => ((double)count).ToString("g5", CultureInfo.InvariantCulture);

    private static string[] Row(string grouping, Utilization use) =>
        [grouping, use.Cidr, Count(use.Capacity), Share(use.InUse, use.Capacity), Share(use.Reserved, use.Capacity), Share(use.Available, use.Capacity)];

    private static string Share(long count, long capacity)
    {
        var percent = capacity == 0 ? 0 : Math.Round(100.0 * count / capacity, MidpointRounding.ToEven);
        return $"{Count(count)} ({percent.ToString("0", CultureInfo.InvariantCulture)}%)";
    }
}

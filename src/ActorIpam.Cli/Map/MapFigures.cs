using System.Globalization;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Cli.Map;

/// <summary>The numbers of a map in words.</summary>
internal static class MapFigures
{
    /// <summary>Beyond this a number of blocks is only read as a power of ten.</summary>
    private const long LongestNumber = 10_000_000_000;

    /// <summary>How many hosts a summary names.</summary>
    private const int NamedHosts = 8;

    /// <summary>Of the blocks the pool can be carved into, how many are there and how many are still to be claimed.</summary>
    public static string Claimed(PoolMap map)
    {
        var (there, capacity) = ((UInt128)map.Blocks.Length, map.Capacity);
        return $"{Number(map.Blocks.Length)} of {Count(capacity)} block{(capacity == UInt128.One ? "" : "s")} claimed, {Count(capacity > there ? capacity - there : UInt128.Zero)} not yet";
    }

    /// <summary>What stands in the blocks without a line.</summary>
    public static string Folded(PoolMap map)
    {
        var folded = map.Folded.ToList();
        if (map.Choice.Host is { } host)
        {
            return $"{Plural.Of(folded.Count, "block")} without {host} not shown.";
        }

        var held = folded.Sum(b => b.View.Assigned);
        var byHost = folded.GroupBy(b => b.View.Host ?? "no owner").OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).ToList();
        var named = string.Join(", ", byHost.Take(NamedHosts).Select(g => $"{g.Key} {Number(g.Count())}"));
        var more = byHost.Count > NamedHosts ? $" and {Plural.Of(byHost.Count - NamedHosts, "more host")}" : "";
        var what = held == 0 ? "in which nothing is held" : $"with {Plural.Of(held, "held address")}";
        return $"{Plural.Of(folded.Count, "more block")} {what} (--all shows {(folded.Count == 1 ? "it" : "them")}): {named}{more}.";
    }

    /// <summary>Held of all, then what is not zero.</summary>
    public static string Of(BlockView block)
    {
        (long Count, char Letter)[] counts = [(block.Borrowed, 'b'), (block.Cooling, 'c'), (block.HostReserved, 'h'), (block.Reserved, 'r')];
        return $"{Number(block.Assigned)}/{Number(block.Size)}{string.Concat(counts.Where(c => c.Count > 0).Select(c => $" {Number(c.Count)}{c.Letter}"))}";
    }

    /// <summary>The sums over all blocks, also those without a line.</summary>
    public static string Totals(PoolMap map)
    {
        var blocks = map.Blocks.Select(b => b.View).ToList();
        var figures = new List<string>
        {
            $"{Number(blocks.Sum(b => b.Assigned))} of {Number(blocks.Sum(b => b.Size))} addresses of these blocks held",
            $"{Number(blocks.Sum(b => b.Free))} free",
        };
        AddCount(figures, blocks.Sum(b => b.Borrowed), "borrowed");
        AddCount(figures, blocks.Sum(b => b.Cooling), "cooling");
        AddCount(figures, blocks.Sum(b => b.HostReserved), "host-reserved");
        AddCount(figures, blocks.Sum(b => b.Reserved), "reserved");
        var orphans = blocks.Count(b => b.Host is null);
        if (orphans > 0)
        {
            figures.Add($"{Plural.Of(orphans, "block")} without owner");
        }

        return string.Join(", ", figures) + ".";
    }

    private static void AddCount(List<string> figures, long count, string what)
    {
        if (count > 0)
        {
            figures.Add($"{Number(count)} {what}");
        }
    }

    private static string Count(UInt128 count) =>
        count < LongestNumber ? count.ToString(CultureInfo.InvariantCulture) : ((double)count).ToString("g5", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}

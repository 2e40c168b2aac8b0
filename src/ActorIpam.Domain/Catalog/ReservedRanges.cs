using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;

namespace ActorIpam.Domain.Catalog;

/// <summary>All addresses that are never assigned automatically (semantics.md §10.1), as merged runs in address order.</summary>
/// <remarks>Look-ups are logarithmic in the number of runs. Immutable.</remarks>
public sealed class ReservedRanges
{
    private readonly ImmutableArray<Run> _runs;

    private ReservedRanges(ImmutableArray<Cidr> parsed)
    {
        Parsed = parsed;
        _runs = Merge(parsed);
    }

    public static ReservedRanges None { get; } = new([]);

    /// <summary>What could be read, in the order given, repeats included.</summary>
    public ImmutableArray<Cidr> Parsed { get; }

    public bool IsEmpty => _runs.IsEmpty;

    /// <summary>Reads CIDRs and bare addresses. Blanks around are trimmed, host bits masked; what is neither is skipped.</summary>
    public static ReservedRanges From(IEnumerable<string> texts)
    {
        var parsed = ImmutableArray.CreateBuilder<Cidr>();
        foreach (var text in texts)
        {
            if (TryRead(text, out var range))
            {
                parsed.Add(range);
            }
        }

        return parsed.Count == 0 ? None : new(parsed.ToImmutable());
    }

    /// <summary>Reads one entry of a reservation.</summary>
    public static bool TryRead(string? text, out Cidr range)
    {
        var trimmed = text?.Trim();
        if (Cidr.TryParse(trimmed, out range))
        {
            return true;
        }

        var isAddress = IpAddress.TryParse(trimmed, out var address);
        range = isAddress ? Cidr.Of(address) : default;
        return isAddress;
    }

    public bool Holds(IpAddress address) => RunEnd(address) is not null;

    /// <summary>True when every address of the range is reserved, by one reservation or by several together.</summary>
    public bool Covers(Cidr range) => RunEnd(range.First) is { } end && end >= range.Last;

    /// <summary>True when at least one address of the range is reserved.</summary>
    public bool Touches(Cidr range)
    {
        var last = LastRunStartingAtOrBefore(range.Last);
        return last >= 0 && _runs[last].First.Family == range.Family && _runs[last].Last >= range.First;
    }

    /// <summary>The number of reserved addresses in the range, each counted once.</summary>
    public UInt128 CountIn(Cidr range)
    {
        var count = UInt128.Zero;
        for (var i = LastRunStartingAtOrBefore(range.Last); i >= 0 && _runs[i].First.Family == range.Family && _runs[i].Last >= range.First; i--)
        {
            var first = _runs[i].First > range.First ? _runs[i].First : range.First;
            var last = _runs[i].Last < range.Last ? _runs[i].Last : range.Last;
            var width = last.Value - first.Value;

            // Only ::/0 has one address more than can be counted.
            count += width == UInt128.MaxValue ? width : width + 1;
        }

        return count;
    }

    /// <summary>The last address of the merged run that holds this one; null if it is not reserved. Lets a walk jump over reserved stretches.</summary>
    public IpAddress? RunEnd(IpAddress address)
    {
        var index = LastRunStartingAtOrBefore(address);
        return index >= 0 && _runs[index].First.Family == address.Family && _runs[index].Last >= address ? _runs[index].Last : null;
    }

    private int LastRunStartingAtOrBefore(IpAddress address)
    {
        var (low, high) = (0, _runs.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_runs[middle].First <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    private static ImmutableArray<Run> Merge(ImmutableArray<Cidr> parsed)
    {
        var runs = new List<Run>();
        foreach (var range in parsed.Order())
        {
            if (runs.Count > 0 && runs[^1].Reaches(range.First))
            {
                runs[^1] = runs[^1] with { Last = runs[^1].Last > range.Last ? runs[^1].Last : range.Last };
            }
            else
            {
                runs.Add(new(range.First, range.Last));
            }
        }

        return [.. runs];
    }

    private readonly record struct Run(IpAddress First, IpAddress Last)
    {
        /// <summary>True when the address lies in the run or directly behind it. Runs are built in order, so it never lies before.</summary>
        public bool Reaches(IpAddress address) =>
            address.Family == First.Family && (address <= Last || address.Value - Last.Value == 1);
    }
}

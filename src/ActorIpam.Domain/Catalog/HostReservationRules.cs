using System.Numerics;
using ActorIpam.Domain.Addressing;

namespace ActorIpam.Domain.Catalog;

/// <summary>The arithmetic of addresses that a host keeps at both ends of a block (semantics.md §10.2).</summary>
public static class HostReservationRules
{
    /// <summary>The prefix length of the smallest block that is of use beside such a reservation; pools with smaller blocks do not qualify.</summary>
    /// <param name="family">The family.</param>
    /// <param name="start">How many addresses at the start, at least 0.</param>
    /// <param name="end">How many at the end, at least 0.</param>
    /// <returns>The length, or Invalid when nothing is reserved or a count is negative.</returns>
    public static Answer<int> LargestBlockLength(IpFamily family, int start, int end)
    {
        var sum = (long)start + end;
        if (start < 0 || end < 0 || sum == 0)
        {
            return new Refusal(RefusalCode.Invalid, $"A host reservation keeps at least one address in all, not {start} at the start and {end} at the end.");
        }

        return family.Bits() - (BitOperations.Log2((ulong)sum) + 1);
    }
}

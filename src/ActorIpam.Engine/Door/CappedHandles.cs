using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Allocation;

namespace ActorIpam.Engine.Door;

/// <summary>Reads what a handle holds that may hold no more than so many addresses.</summary>
internal static class CappedHandles
{
    /// <summary>What a capped handle holds already, as far as that is all the request may get (semantics.md §5.6).</summary>
    public static async Task<Answer<ImmutableArray<AddressRow>>> HeldAsync(Workplace workplace, AssignSpec spec, CancellationToken cancellation)
    {
        if (spec.MaxPerHandle == 0)
        {
            return ImmutableArray<AddressRow>.Empty;
        }

        var rows = await workplace.Ports.Views.AddressesOfHandleAsync(spec.Holding.Handle!, cancellation);
        var closed = await workplace.Ports.Views.HandleClosedThroughAsync(spec.Holding.Handle!, cancellation);
        var answered = ImmutableArray.CreateBuilder<AddressRow>();
        foreach (var (family, count) in new[] { (IpFamily.V4, spec.Ipv4.Count), (IpFamily.V6, spec.Ipv6.Count) })
        {
            var held = rows.Where(row => row.Ip.Family == family).ToImmutableArray();
            if (count == 0 || held.Length + count <= spec.MaxPerHandle)
            {
                continue;
            }

            // What a final release has named, or one that is still on its way may name, is as good as gone: it is given to nobody again.
            held = [.. held.Where(row => IsSafeToRepeat(row, spec.Holding.Issued, closed))];
            if (held.Length < count)
            {
                return new Refusal(
                    RefusalCode.HandleLimit, $"Handle {spec.Holding.Handle} holds {held.Length} {family.Text()} addresses; {count} more exceed its cap of {spec.MaxPerHandle}.", "maxPerHandle");
            }

            answered.AddRange(held.Take(count));
        }

        return answered.ToImmutable();
    }

    private static bool IsSafeToRepeat(AddressRow row, DateTimeOffset? issued, DateTimeOffset? closed) =>
        (closed is null || row.Issued > closed) && (issued is null || row.Issued >= issued);
}

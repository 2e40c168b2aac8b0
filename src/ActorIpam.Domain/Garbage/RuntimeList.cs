using System.Collections.Frozen;
using ActorIpam.Domain.Views;

namespace ActorIpam.Domain.Garbage;

/// <summary>The attachments that a container runtime still has in one network, as the CNI operation GC lists them.</summary>
/// <remarks>
/// It speaks about handles <c>NETWORK/CONTAINER/INTERFACE</c> of its own network only, and only about what was issued before the list was made:
/// an attachment that begins while the list is on its way is not on it (INV-4).
/// </remarks>
/// <param name="network">The network; handles begin with it and a slash.</param>
/// <param name="keep">The handles that live.</param>
/// <param name="issuedAt">When the list was made, by the clock that issued the assignments.</param>
public sealed class RuntimeList(string network, IEnumerable<string> keep, DateTimeOffset issuedAt) : IWorkloads
{
    private readonly FrozenSet<string> _keep = keep.ToFrozenSet(StringComparer.Ordinal);
    private readonly string _prefix = network + "/";

    public Sighting Of(AddressRow address) => address switch
    {
        { Handle: { } handle } when _keep.Contains(handle) => new Sighting.Seen(address.Holder.Name, HasEnded: false, Addresses: null),
        { Handle: { } handle, Issued: { } issued } when handle.StartsWith(_prefix, StringComparison.Ordinal) && IsOld(issued) => Sighting.Missing.Instance,
        _ => Sighting.Unjudged.Instance,
    };

    private bool IsOld(DateTimeOffset issued) =>
#if PLANTED_BUGS
        EventSourcing.Planted.Is("gc-ignores-issued") ||
#endif
        issued <= issuedAt;
}

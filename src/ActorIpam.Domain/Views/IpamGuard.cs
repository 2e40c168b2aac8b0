using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.EventSourcing;

namespace ActorIpam.Domain.Views;

/// <summary>Conditions on requests and handles (protocol.md §4). Handles are judged before requests, whatever their order in the unit.</summary>
public abstract record IpamGuard : Guard
{
    private IpamGuard() { }

    /// <summary>The request was granted nothing yet; from now on it was granted this (INV-13).</summary>
    /// <remarks>
    /// A stored row whose <c>Issued</c> ≤ the closed_through of <paramref name="Handle"/> &lt; <paramref name="Issued"/> belongs to an earlier life
    /// of the handle and is replaced. Refused with <see cref="IpamGuardRefusal.RequestKnown"/>.
    /// </remarks>
    public sealed record NewRequest(string Id, string Digest, DateTimeOffset? Issued, string? Handle, ImmutableArray<Grant> Grant) : IpamGuard;

    /// <summary>The handle takes new addresses: it was never finally released, or before <paramref name="Issued"/> (INV-4); and it stays within its caps (INV-12).</summary>
    /// <param name="Handle">The handle.</param>
    /// <param name="Issued">When the caller issued the request; without it a handle with a final release refuses.</param>
    /// <param name="Caps">At most one a family. Counted from the address rows under the handle's lock.</param>
    public sealed record HandleOpen(string Handle, DateTimeOffset? Issued, ImmutableArray<HandleCap> Caps) : IpamGuard;

    /// <summary>The handle is finally released through this time: <c>closed_through = max(closed_through, Through)</c>. Never refuses.</summary>
    public sealed record HandleClose(string Handle, DateTimeOffset Through) : IpamGuard;
}

/// <summary>A handle holds at most <paramref name="Most"/> addresses of the family, the <paramref name="Adding"/> of this unit included.</summary>
public readonly record struct HandleCap(IpFamily Family, int Most, int Adding);

/// <summary>Why a guard said no.</summary>
public abstract record IpamGuardRefusal : GuardRefusal
{
    private IpamGuardRefusal() { }

    /// <summary>The request was granted this before, under this digest.</summary>
    public sealed record RequestKnown(RequestRow Row) : IpamGuardRefusal;

    /// <summary>The handle was finally released through this time.</summary>
    public sealed record HandleIsClosed(DateTimeOffset Through) : IpamGuardRefusal;

    /// <summary>The handle would hold more addresses of the family than its cap allows.</summary>
    public sealed record HandleIsFull(IpFamily Family, int Held) : IpamGuardRefusal;
}

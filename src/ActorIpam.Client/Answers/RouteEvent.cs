using System.Collections.Immutable;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Client.Answers;

/// <summary>One line of <c>GET routes/{node}?watch=true</c>.</summary>
/// <remarks>
/// First an ADDED line a route, NAT, WARNINGS when there are any, and BOOKMARK: everything so far is told. Then what changes, as it changes.
/// ERROR is the last line: the node is gone (404) or the journal does not answer (503).
/// </remarks>
/// <param name="Type">ADDED, MODIFIED, DELETED, NAT, WARNINGS, BOOKMARK or ERROR.</param>
public sealed record RouteEvent(string Type)
{
    /// <summary>The route that was added, changed (as it is now) or deleted (as it was).</summary>
    public RouteView? Route { get; init; }

    /// <summary>With NAT: both sets, whole.</summary>
    public NatView? Nat { get; init; }

    /// <summary>With WARNINGS: all that hold now.</summary>
    public ImmutableArray<string>? Warnings { get; init; }

    /// <summary>With ERROR.</summary>
    public Status? Status { get; init; }
}

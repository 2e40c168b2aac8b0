using System.Collections.Immutable;

namespace ActorIpam.Domain.Requests;

/// <summary>What a node needs so that packets find the addresses of all pools (api.md §3).</summary>
/// <param name="Routes">In the order of their destinations.</param>
/// <param name="Nat">The same on every node.</param>
/// <param name="Warnings">Why routes are missing, a sentence each.</param>
public sealed record NodeRouting(ImmutableArray<RouteView> Routes, NatView Nat, ImmutableArray<string> Warnings);

/// <param name="Destination">A CIDR; single addresses with their full length.</param>
/// <param name="Kind">blackhole, local_workload, direct, ipip, vxlan or onlink.</param>
/// <param name="Via">The gateway, when there is one.</param>
/// <param name="Device">The device; <c>parent</c> is the one that holds the node's own address.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record RouteView(string Destination, string Kind, string? Via, string? Device, string Reason);

/// <summary>CIDRs of both families: packets from the first to anywhere but the second leave under the node's own address.</summary>
public sealed record NatView(ImmutableArray<string> MasqueradeSources, ImmutableArray<string> PoolDestinations);

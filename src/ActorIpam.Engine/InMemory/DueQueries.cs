using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.InMemory;

/// <summary>What sweepers ask, computed from a state in the plainest way.</summary>
internal static class DueQueries
{
    public static ImmutableArray<BlockRow> CoolingThrough(this JournalState state, DateTimeOffset through, int limit) =>
        [.. state.Blocks.Values.Where(row => row.CoolingSince <= through).OrderBy(row => row.CoolingSince).ThenBy(row => row.Block).Take(limit)];

    public static ImmutableArray<BlockRow> EmptyBlocks(this JournalState state, Cidr? after, int limit) =>
    [
        .. state.Blocks.Values
            .Where(row => row is { Owner: not null, Assigned: 0, Cooling: 0 } && (after is null || row.Block > after.Value))
            .Where(row => state.Blocks.Values.Any(other => other.Owner == row.Owner && other.Block.Family == row.Block.Family && other.Block != row.Block))
            .Take(limit),
    ];

    public static ImmutableArray<OldRequest> OldRequests(this JournalState state, DateTimeOffset before, OldRequest? after, int limit) =>
    [
        .. state.Requests.Values
            .Where(row => row.At < before && (after is null || row.At > after.At || (row.At == after.At && string.CompareOrdinal(row.Id, after.Id) > 0)))
            .OrderBy(row => row.At).ThenBy(row => row.Id, StringComparer.Ordinal).Take(limit)
            .Select(row => new OldRequest(row.Id, row.At, row.Grant, row.Grant.Any(grant => state.Addresses.GetValueOrDefault(grant.Ip)?.Generation == grant.Generation))),
    ];

    public static ImmutableArray<ClosedHandle> ClosedHandles(this JournalState state, string? after, int limit) =>
    [
        .. from closed in state.Handles.Where(closed => string.CompareOrdinal(closed.Key, after ?? "") > 0).Take(limit)
           let held = state.Addresses.Values.Where(row => row.Handle == closed.Key).ToList()
           select new ClosedHandle(
               closed.Key, closed.Value, state.HandlesAt[closed.Key], held.Count > 0, held.Exists(row => row.Issued is null || row.Issued <= closed.Value)),
    ];
}

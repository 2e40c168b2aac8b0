using System.Collections.Immutable;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using static ActorIpam.Domain.Views.IpamGuard;
using static ActorIpam.Domain.Views.IpamGuardRefusal;

namespace ActorIpam.Engine.InMemory;

/// <summary>Judges and writes what units say about handles and requests (protocol.md §4).</summary>
/// <remarks>
/// Handles come first: the unit's final releases count before its <see cref="HandleOpen"/> guards and its requests, whatever their order
/// in the unit, so that no unit closes a handle and gives it something older at once (INV-4).
/// </remarks>
internal static class GuardJudgement
{
    /// <summary>Every guard of the unit that says no, by its place in the unit; empty when all agree.</summary>
    public static ImmutableArray<RefusedGuard> Refusals(JournalState state, Unit unit)
    {
        var closed = state.Closing(unit);
        var refusals = ImmutableArray.CreateBuilder<RefusedGuard>();
        for (var index = 0; index < unit.Guards.Length; index++)
        {
            GuardRefusal? refusal = unit.Guards[index] switch
            {
                HandleOpen open => RefusalOf(closed, open),
                NewRequest request => RefusalOf(closed, request),
                _ => null,
            };
            if (refusal is not null)
            {
                refusals.Add(new(index, refusal));
            }
        }

        return refusals.ToImmutable();
    }

    /// <summary>The state with the unit's final releases and grants. Only for a unit no guard refuses.</summary>
    public static JournalState Granting(this JournalState state, Unit unit) => state.Closing(unit) with
    {
        Requests = state.Requests.SetItems(
            from request in unit.Guards.OfType<NewRequest>()
            let row = new RequestRow(request.Id, request.Digest, request.Issued, request.Grant, unit.At)
            select KeyValuePair.Create(request.Id, row)),
    };

    private static JournalState Closing(this JournalState state, Unit unit)
    {
        var (handles, at) = (state.Handles, state.HandlesAt);
        foreach (var close in unit.Guards.OfType<HandleClose>())
        {
            if (!handles.TryGetValue(close.Handle, out var through) || through < close.Through)
            {
                handles = handles.SetItem(close.Handle, close.Through);
            }

            if (!at.TryGetValue(close.Handle, out var before) || before < unit.At)
            {
                at = at.SetItem(close.Handle, unit.At);
            }
        }

        return state with { Handles = handles, HandlesAt = at };
    }

    private static IpamGuardRefusal? RefusalOf(JournalState state, HandleOpen open)
    {
        if (state.ClosedThrough(open.Handle) is { } through && (open.Issued is not { } issued || through >= issued))
        {
            return new HandleIsClosed(through);
        }

        foreach (var cap in open.Caps)
        {
            var held = state.Addresses.Values.Count(row => row.Handle == open.Handle && row.Ip.Family == cap.Family);
            if (held + cap.Adding > cap.Most)
            {
                return new HandleIsFull(cap.Family, held);
            }
        }

        return null;
    }

    private static RequestKnown? RefusalOf(JournalState state, NewRequest request) =>
        state.Requests.TryGetValue(request.Id, out var row) && !BelongsToAnEarlierLife(state, row, request) ? new RequestKnown(row) : null;

    /// <summary>A request id may come again after a final release: CNI names requests by what it configures, and configures it anew.</summary>
    private static bool BelongsToAnEarlierLife(JournalState state, RequestRow row, NewRequest request) =>
        request.Handle is { } handle
        && state.ClosedThrough(handle) is { } through
        && row.Issued <= through
        && through < request.Issued;
}

using ActorIpam.EventSourcing;

namespace ActorIpam.Domain.Views;

/// <summary>What every journal refuses before it looks at anything stored: units that contradict themselves.</summary>
/// <remarks>
/// One change a key makes a unit's parts independent of their order, so that a journal may write them in the order of its locks.
/// </remarks>
public static class UnitShape
{
    /// <summary>Null for a well-formed unit, else one sentence about its first flaw: the unit is then a broken invariant.</summary>
    /// <remarks>
    /// A stream is appended to once and not raised besides (INV-8); a request is granted once (INV-13); an address, a block and a resource
    /// change at most once (protocol.md §2: a turn assigns or releases an ordinal at most once).
    /// </remarks>
    public static string? FlawOf(Unit unit) => FlawOfStreams(unit) ?? FlawOfGuards(unit) ?? FlawOfViews(unit);

    private static string? FlawOfStreams(Unit unit)
    {
        var appended = new HashSet<StreamId>();
        foreach (var append in unit.Appends)
        {
            if (!appended.Add(append.Stream))
            {
                return $"INV-8: the unit appends to {append.Stream} twice.";
            }
        }

        foreach (var stream in unit.Raises)
        {
            if (appended.Contains(stream))
            {
                return $"INV-8: the unit appends to {stream} and raises it besides.";
            }
        }

        return null;
    }

    private static string? FlawOfGuards(Unit unit)
    {
        var requests = new HashSet<string>(StringComparer.Ordinal);
        foreach (var guard in unit.Guards)
        {
            if (guard is not IpamGuard)
            {
                return $"{guard.GetType().Name} is a guard this journal does not know.";
            }

            if (guard is IpamGuard.NewRequest request && !requests.Add(request.Id))
            {
                return $"INV-13: the unit grants the request {request.Id} twice.";
            }
        }

        return null;
    }

    private static string? FlawOfViews(Unit unit)
    {
        var changed = new HashSet<object>();
        foreach (var change in unit.Views)
        {
            object? key = change switch
            {
                IpamViewChange.AddressHeld held => held.Row.Ip,
                IpamViewChange.AddressFreed freed => freed.Ip,
                IpamViewChange.BlockStands stands => stands.Row.Block,
                IpamViewChange.BlockGone gone => gone.Block,
                IpamViewChange.ResourceStored stored => (stored.Row.Kind, stored.Row.Name),
                IpamViewChange.ResourceGone gone => (gone.Kind, gone.Name),
                IpamViewChange.RequestForgotten forgotten => ("request", forgotten.Id),
                IpamViewChange.CloseForgotten forgotten => ("handle", forgotten.Handle),
                IpamViewChange.BlockPassed passed => ("passed", passed.Block),
                IpamViewChange.AttributesRedacted redacted => ("redacted", redacted.Ip, redacted.Generation),
                IpamViewChange.HistoryForgotten => "history",
                IpamViewChange.HoldingRetold retold => ("retold", retold.Ip, retold.Generation),
                IpamViewChange.BlockRetold retold => ("retold", retold.Block),
                IpamViewChange.ResourceRetold retold => ("retold", retold.Kind, retold.Name),
                _ => null,
            };
            if (key is null)
            {
                return $"{change.GetType().Name} is a view change this journal does not know.";
            }

            if (!changed.Add(key))
            {
                return $"The unit changes {key} twice.";
            }
        }

        return null;
    }
}

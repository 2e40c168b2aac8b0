using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using static ActorIpam.Domain.Views.IpamGuard;

namespace ActorIpam.Storage.Postgres;

/// <summary>What a batch needs to lock, and whether its units are strangers to each other.</summary>
internal sealed class BatchOutline
{
    private readonly Dictionary<StreamId, int> _movedBy = [];
    private readonly Dictionary<string, int> _closedBy = new(StringComparer.Ordinal);
    private readonly HashSet<object> _changed = [];
    private readonly HashSet<string> _locked = new(StringComparer.Ordinal);
    private readonly HashSet<string> _closing = new(StringComparer.Ordinal);
    private readonly HashSet<string> _opening = new(StringComparer.Ordinal);
    private readonly HashSet<string> _requested = new(StringComparer.Ordinal);

    public BatchOutline(IReadOnlyList<Unit> units)
    {
        for (var index = 0; index < units.Count; index++)
        {
            Note(units[index], index);
        }

        Plain = Plain && !units.Where((unit, index) => Meets(unit, index)).Any() && !_closing.Overlaps(_opening);
    }

    /// <summary>A unit appends to the catalog or moves a head that is read without a row lock.</summary>
    public bool Exclusive { get; private set; }

    /// <summary>No unit reads or writes what another one writes, and none counts rows: the batch may be written as a set.</summary>
    public bool Plain { get; private set; } = true;

    /// <summary>No unit writes anything: their answers need a commit of their own.</summary>
    public bool OnlyQuestions { get; private set; } = true;

    public string[] Locked => [.. _locked];

    /// <summary>Handles to hold alone: they are closed, or their addresses are counted.</summary>
    public string[] Closing => [.. _closing];

    /// <summary>Handles whose final release must not change under the batch.</summary>
    public string[] Opening => [.. _opening];

    public string[] Requested => [.. _requested];

    private void Note(Unit unit, int index)
    {
        OnlyQuestions &= unit.IsQuestion;
        foreach (var stream in unit.Appends.Select(append => append.Stream).Concat(unit.Raises))
        {
            Plain &= _movedBy.TryAdd(stream, index) || _movedBy[stream] == index;
            Exclusive |= stream.Value == "catalog" || IsReadPlainly(stream);
            _locked.Add(stream.Value);
        }

        _locked.UnionWith(unit.Fences.Where(fence => !IsReadPlainly(fence.Stream)).Select(fence => fence.Stream.Value));
        foreach (var guard in unit.Guards)
        {
            Note(guard, index);
        }

        foreach (var change in unit.Views)
        {
            Plain &= _changed.Add(UnitKeys.Of(change));
            if (change is IpamViewChange.RequestForgotten or IpamViewChange.CloseForgotten or IpamViewChange { IsLate: true })
            {
                // Others read or move these rows under locks of their own; alone under the catalog lock nobody does so meanwhile.
                (Exclusive, Plain) = (true, false);
            }
        }
    }

    private void Note(Guard guard, int index)
    {
        switch (guard)
        {
            case HandleOpen { Caps.IsEmpty: false } open:
                Plain = false;
                _closing.Add(open.Handle);
                break;
            case HandleOpen open:
                _opening.Add(open.Handle);
                break;
            case HandleClose close:
                Plain &= _closedBy.TryAdd(close.Handle, index);
                _closing.Add(close.Handle);
                break;
            case NewRequest request:
                Plain &= _requested.Add(request.Id);
                if (request.Handle is not null)
                {
                    _opening.Add(request.Handle);
                }

                break;
        }
    }

    private bool Meets(Unit unit, int index) =>
        unit.Fences.Any(fence => _movedBy.TryGetValue(fence.Stream, out var mover) && mover != index);

    /// <summary>Heads that move only under the exclusive catalog lock, so that nobody locks their rows.</summary>
    public static bool IsReadPlainly(StreamId stream) =>
        stream.Value == "policy" || stream.Value.StartsWith("node/", StringComparison.Ordinal);
}

/// <summary>The one thing a view change is about.</summary>
internal static class UnitKeys
{
    public static object Of(ViewChange change) => change switch
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
        _ => throw new InvariantViolationException("INV-7", $"{change.GetType().Name} passed the unit's shape but is not known."),
    };
}

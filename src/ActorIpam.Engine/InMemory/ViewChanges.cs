using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using static ActorIpam.Domain.Views.IpamViewChange;

namespace ActorIpam.Engine.InMemory;

/// <summary>Applies what units change in the views, and says when it does not fit.</summary>
internal static class ViewChanges
{
    /// <summary>Null when every change fits what is stored, else one sentence about the first that does not.</summary>
    public static string? MisfitOf(JournalState state, Unit unit)
    {
        foreach (var change in unit.Views)
        {
            var misfit = change switch
            {
                AddressHeld(var row) when state.Addresses.TryGetValue(row.Ip, out var held) =>
                    $"INV-1: {row.Ip} is held under generation {held.Generation}.",
                AddressFreed freed when state.Addresses.GetValueOrDefault(freed.Ip)?.Generation != freed.Generation =>
                    $"INV-2: {freed.Ip} is not held under generation {freed.Generation}.",
                BlockGone(var block) when !state.Blocks.ContainsKey(block) => $"INV-5: the block {block} does not exist.",
                BlockPassed { Begins: { } row } when state.HasTold(row) => $"INV-5: the history of {row.Block} tells of version {row.Version} already.",
                _ => null,
            };
            if (misfit is not null)
            {
                return misfit;
            }
        }

        return null;
    }

    /// <summary>The state with the unit's view changes, which must fit.</summary>
    public static JournalState Showing(this JournalState state, Unit unit) =>
        unit.Views.OrderBy(static change => ((IpamViewChange)change).Place).Aggregate(state, (before, change) => change switch
        {
            AddressHeld(var row) => before with { Addresses = before.Addresses.Add(row.Ip, row) },
            AddressFreed freed => before.Freeing(freed),
            BlockStands(var row) => before with { Blocks = before.Blocks.SetItem(row.Block, row) },
            BlockGone(var block) => before with { Blocks = before.Blocks.Remove(block) },
            ResourceStored(var row) => before.Telling(row, unit.At) with { Resources = before.Resources.SetItem(new(row.Kind, row.Name), row) },
            ResourceGone(var kind, var name) => before.TellingEnd(new(kind, name), unit.At) with { Resources = before.Resources.Remove(new(kind, name)) },
            RequestForgotten(var id, var at) => before.Requests.GetValueOrDefault(id)?.At == at ? before with { Requests = before.Requests.Remove(id) } : before,
            CloseForgotten(var handle, var through) => before.ClosedThrough(handle) == through
                ? before with { Handles = before.Handles.Remove(handle), HandlesAt = before.HandlesAt.Remove(handle) }
                : before,
            BlockPassed passed => before.Telling(passed),
            AttributesRedacted redacted => before.Redacting(redacted),
            HistoryForgotten forgotten => before.Forgetting(forgotten),
            HoldingRetold retold => before.Retelling(retold),
            BlockRetold retold => before.Retelling(retold),
            ResourceRetold retold => before.Retelling(retold),
            _ => throw new InvariantViolationException("INV-7", $"{change.GetType().Name} passed the unit's shape but is not known."),
        });

    private static JournalState Freeing(this JournalState state, AddressFreed freed)
    {
        var past = new AddressHistoryRow(state.Addresses[freed.Ip], freed.Pool, freed.ReleasedAt, freed.Why);
        return state with
        {
            Addresses = state.Addresses.Remove(freed.Ip),
            History = state.History.SetItem(freed.Ip, [.. state.History.GetValueOrDefault(freed.Ip, []), past]),
        };
    }
}

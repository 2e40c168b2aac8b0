using System.Collections.Immutable;
using ActorIpam.Domain.Views;
using static ActorIpam.Domain.Views.IpamViewChange;

namespace ActorIpam.Engine.InMemory;

/// <summary>What units write down for those who ask later, and what they blank or forget of it.</summary>
internal static class PastChanges
{
    public static bool HasTold(this JournalState state, BlockHistoryRow row) =>
        state.BlockHistory.GetValueOrDefault(row.Block, []).Any(told => told.Version == row.Version);

    public static JournalState Telling(this JournalState state, BlockPassed passed)
    {
        var told = state.BlockHistory.GetValueOrDefault(passed.Block, []);
        var last = told.MaxBy(static row => row.Version);
        var at = Later(passed.At, last?.To ?? last?.From);
        told = [.. told.Select(row => row.To is null ? row with { To = at, Ended = passed.Ended } : row)];
        told = passed.Begins is { } begins ? [.. told.Append(begins with { From = at, To = null, Ended = null }).OrderBy(static row => row.Version)] : told;
        return told.IsEmpty ? state : state with { BlockHistory = state.BlockHistory.SetItem(passed.Block, told) };
    }

    public static JournalState Telling(this JournalState state, ResourceRow row, DateTimeOffset at)
    {
        var name = new ResourceName(row.Kind, row.Name);
        state = state.TellingEnd(name, at);
        var told = state.ResourceHistory.GetValueOrDefault(name, []);
        var last = told.IsEmpty ? null : told[^1];
        return state with { ResourceHistory = state.ResourceHistory.SetItem(name, told.Add(new(row, Later(at, last?.To), null))) };
    }

    public static JournalState TellingEnd(this JournalState state, ResourceName name, DateTimeOffset at) =>
        state.ResourceHistory.TryGetValue(name, out var told) && told[^1] is { To: null } last
            ? state with { ResourceHistory = state.ResourceHistory.SetItem(name, told.SetItem(told.Length - 1, last with { To = Later(at, last.From) })) }
            : state;

    public static JournalState Redacting(this JournalState state, AttributesRedacted redacted)
    {
        if (state.Addresses.GetValueOrDefault(redacted.Ip) is { } held && held.Generation == redacted.Generation)
        {
            state = state with { Addresses = state.Addresses.SetItem(held.Ip, Blank(held)) };
        }

        return state.History.TryGetValue(redacted.Ip, out var past)
            ? state with
            {
                History = state.History.SetItem(
                    redacted.Ip, [.. past.Select(row => row.Held.Generation == redacted.Generation ? row with { Held = Blank(row.Held) } : row)]),
            }
            : state;
    }

    public static JournalState Forgetting(this JournalState state, HistoryForgotten forgotten)
    {
        var addresses = state.History.Values.SelectMany(static past => past).Where(row => row.ReleasedAt < forgotten.Before)
            .OrderBy(static row => row.ReleasedAt).ThenBy(static row => row.Held.Ip).Take(forgotten.Most).ToHashSet(ReferenceEqualityComparer.Instance);
        var blocks = state.BlockHistory.Values.SelectMany(static told => told).Where(row => row.To < forgotten.Before)
            .OrderBy(static row => row.To).ThenBy(static row => row.Block).ThenBy(static row => row.Version).Take(forgotten.Most).ToHashSet(ReferenceEqualityComparer.Instance);
        var resources = state.ResourceHistory.SelectMany(static named => named.Value.Select(row => (Name: named.Key, Row: row)))
            .Where(told => told.Row.To < forgotten.Before).OrderBy(static told => told.Row.To).ThenBy(static told => told.Name)
            .Take(forgotten.Most).Select(static told => told.Row).ToHashSet(ReferenceEqualityComparer.Instance);
        return state with
        {
            Horizon = Later(forgotten.Before, state.Horizon),
            History = Without(state.History, addresses),
            BlockHistory = Without(state.BlockHistory, blocks),
            ResourceHistory = Without(state.ResourceHistory, resources),
        };
    }

    public static JournalState Retelling(this JournalState state, HoldingRetold retold)
    {
        var told = state.History.GetValueOrDefault(retold.Ip, []).RemoveAll(row => row.Held.Generation == retold.Generation && row.Why != AddressHistoryRow.Repaired);
        told = retold.Row is { } row ? told.Add(row) : told;
        return state with { History = told.IsEmpty ? state.History.Remove(retold.Ip) : state.History.SetItem(retold.Ip, told) };
    }

    public static JournalState Retelling(this JournalState state, BlockRetold retold)
    {
        var told = state.BlockHistory.GetValueOrDefault(retold.Block, []).RemoveAll(row => row.Version >= retold.From).AddRange(retold.Rows);
        return state with { BlockHistory = told.IsEmpty ? state.BlockHistory.Remove(retold.Block) : state.BlockHistory.SetItem(retold.Block, told) };
    }

    public static JournalState Retelling(this JournalState state, ResourceRetold retold)
    {
        var name = new ResourceName(retold.Kind, retold.Name);
        return state with { ResourceHistory = retold.Rows.IsEmpty ? state.ResourceHistory.Remove(name) : state.ResourceHistory.SetItem(name, retold.Rows) };
    }

    private static AddressRow Blank(AddressRow row) =>
        row with { Attributes = ImmutableSortedDictionary<string, string>.Empty, IsRedacted = true };

    private static DateTimeOffset Later(DateTimeOffset at, DateTimeOffset? other) => other > at ? other.Value : at;

    private static ImmutableSortedDictionary<TKey, ImmutableArray<TRow>> Without<TKey, TRow>(
        ImmutableSortedDictionary<TKey, ImmutableArray<TRow>> all, HashSet<object?> gone)
        where TKey : notnull
        where TRow : class
    {
        foreach (var (key, rows) in gone.Count == 0 ? [] : all.Where(pair => pair.Value.Any(gone.Contains)).ToArray())
        {
            ImmutableArray<TRow> left = [.. rows.Where(row => !gone.Contains(row))];
            all = left.IsEmpty ? all.Remove(key) : all.SetItem(key, left);
        }

        return all;
    }
}

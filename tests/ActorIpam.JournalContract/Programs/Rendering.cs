using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.EventSourcing;

namespace ActorIpam.JournalContract.Programs;

/// <summary>Any answer of a journal as text, so that two journals can be compared and a difference be read.</summary>
internal static class Rendering
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Parts = new();

    public static string Render(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        DateTimeOffset time => time.UtcTicks.ToString(CultureInfo.InvariantCulture),
        IpAddress or Cidr or Owner or StreamId or CommitId => value.ToString()!,
        // The sentence is for people and each journal's own; the fault is the contract.
        Outcome.Failed failed => $"Failed({failed.Fault})",
        IDictionary map => "{" + string.Join(", ", map.Keys.Cast<object>().Select(key => $"{Render(key)}: {Render(map[key])}")) + "}",
        IEnumerable list => "[" + string.Join(", ", list.Cast<object?>().Select(Render)) + "]",
        _ when value.GetType().IsPrimitive || value is Enum => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        _ => RenderParts(value),
    };

    private static string RenderParts(object value)
    {
        var parts = Parts.GetOrAdd(value.GetType(), static type =>
            [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static part => part.GetIndexParameters().Length == 0)]);
        return $"{value.GetType().Name}({string.Join(", ", parts.Select(part => $"{part.Name}: {Render(part.GetValue(value))}"))})";
    }
}

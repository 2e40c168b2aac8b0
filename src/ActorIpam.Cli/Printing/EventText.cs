using System.Globalization;
using System.Text.Json;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Cli.Printing;

/// <summary>Rows of the journal as lines: one an event, its type first, then its fields as they are stored.</summary>
internal static class EventText
{
    private const int LongestField = 60;

    public static IEnumerable<string> Lines(JournalEntry row, bool withStream)
    {
        var place = $"{Time(row.At)}  {(withStream ? row.Stream + " " : "")}v{row.Version.ToString(CultureInfo.InvariantCulture)}";
        return row.Events.ValueKind == JsonValueKind.Array && row.Events.GetArrayLength() > 0
            ? row.Events.EnumerateArray().Select(fact => $"{place}  {Describe(fact)}")
            : [$"{place}  (nothing)"];
    }

    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Describe(JsonElement fact)
    {
        if (fact.ValueKind != JsonValueKind.Object)
        {
            return fact.GetRawText();
        }

        var type = fact.TryGetProperty("type", out var name) ? name.ToString() : "?";
        return string.Join(' ', fact.EnumerateObject().Where(field => field.Name != "type").Select(field => $"{field.Name}={Short(field.Value)}").Prepend(type));
    }

    private static string Short(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return text.Length <= LongestField ? text : text[..LongestField] + "…";
    }
}

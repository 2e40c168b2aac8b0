using System.Text.Json;
using ActorIpam.Domain.Resources;
using ActorIpam.EventSourcing;

namespace ActorIpam.Domain.Events;

/// <summary>Events as a JSON array of objects with a <c>type</c>: readable in the database, additive, strict about what it does not know.</summary>
public static class EventJson
{
    /// <param name="events">The events, in order.</param>
    /// <param name="write">Writes the wire name and the properties of one event into an object that is open.</param>
    public static string Write<TEvent>(IReadOnlyList<TEvent> events, Action<Utf8JsonWriter, TEvent> write) => JsonText.Write(json =>
    {
        json.WriteStartArray();
        foreach (var fact in events)
        {
            json.WriteStartObject();
            write(json, fact);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <param name="text">What <see cref="Write"/> wrote.</param>
    /// <param name="schema">The schema of the row.</param>
    /// <param name="known">The newest schema this member reads.</param>
    /// <param name="read">One event from its wire name and object; null when the name is unknown.</param>
    /// <exception cref="UnreadableEventException">The row is newer than this member, or damaged. It is never skipped.</exception>
    public static IReadOnlyList<TEvent> Read<TEvent>(string text, int schema, int known, Func<string, JsonElement, TEvent?> read)
        where TEvent : class
    {
        if (schema > known)
        {
            throw new UnreadableEventException($"The events have schema {schema}; this member reads up to {known}.");
        }

        return Guarded(() =>
        {
            using var document = JsonDocument.Parse(text);
            var events = new List<TEvent>();
            foreach (var item in document.RootElement.EnumerateArray())
            {
                var type = item.GetProperty("type").GetString() ?? "";
                if (read(type, item) is { } known)
                {
                    events.Add(known);
                    continue;
                }

#if PLANTED_BUGS
                if (Planted.Is("unknown-event-skipped"))
                {
                    continue;
                }

#endif
                throw new UnreadableEventException($"The event '{type}' is unknown to this member.");
            }

            return events;
        });
    }

    /// <summary>Reads what a journal holds; whatever is wrong with it becomes the one error that stops a stream.</summary>
    /// <exception cref="UnreadableEventException">It is damaged.</exception>
    public static TResult Guarded<TResult>(Func<TResult> read)
    {
        try
        {
            return read();
        }
        catch (Exception damage) when (damage is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new UnreadableEventException($"What is stored cannot be read: {damage.Message}", damage);
        }
    }

    /// <summary>The text of a property that is always there.</summary>
    /// <exception cref="FormatException">It is missing or null.</exception>
    public static string Needed(this JsonElement item, string name) =>
        item.Text(name) ?? throw new FormatException($"The property '{name}' is missing.");

    /// <summary>The text of a property, or null when it is missing.</summary>
    public static string? Text(this JsonElement item, string name) => item.TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>The time of a property, or null when it is missing.</summary>
    public static DateTimeOffset? Time(this JsonElement item, string name) => item.TryGetProperty(name, out var value) ? value.GetDateTimeOffset() : null;

    /// <summary>Writes a property unless it is null.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}

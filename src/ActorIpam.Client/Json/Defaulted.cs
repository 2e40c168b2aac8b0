using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ActorIpam.Client.Json;

/// <summary>Reads a record so that a field that is left out keeps the default the record gives it.</summary>
/// <remarks>Generated readers pass every init-only property, given or not, and so would turn an absent list into no list and an absent <c>use</c> into null.</remarks>
internal static class Defaulted
{
    /// <exception cref="JsonException">It does not fit.</exception>
    public static T Read<T>(JsonElement given, JsonTypeInfo<T> shape)
        where T : class, new()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var property in given.EnumerateObject())
            {
                property.WriteTo(json);
            }

            foreach (var property in Defaults<T>.Of(shape).EnumerateObject().Where(p => !given.TryGetProperty(p.Name, out _)))
            {
                property.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return JsonSerializer.Deserialize(buffer.WrittenSpan, shape)!;
    }

    /// <summary>A record's defaults as JSON, made once: all shapes of one record write them alike.</summary>
    private static class Defaults<T>
        where T : class, new()
    {
        private static JsonElement? _element;

        public static JsonElement Of(JsonTypeInfo<T> shape) => _element ??= JsonSerializer.SerializeToElement(new T(), shape);
    }
}

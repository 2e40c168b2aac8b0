using System.Collections.Immutable;
using System.Text.Json;

namespace ActorIpam.Domain.Resources;

/// <summary>Reads fields of a body that <see cref="SchemaCheck"/> found sound: types are right, and null means left out.</summary>
internal static class CheckedJson
{
    public static JsonElement? Object(this JsonElement? json, string name) =>
        json is { } given && given.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;

    public static JsonElement? Object(this JsonElement json, string name) => ((JsonElement?)json).Object(name);

    public static string? Text(this JsonElement? json, string name) => json.Object(name)?.GetString();

    /// <summary>A number is kept as the text it is written with.</summary>
    public static string? TextOrWhole(this JsonElement? json, string name) => json.Object(name) is { } field
        ? field.ValueKind == JsonValueKind.Number ? field.GetRawText() : field.GetString()
        : null;

    public static int? Whole(this JsonElement? json, string name) => json.Object(name)?.GetInt32();

    public static bool? Flag(this JsonElement? json, string name) => json.Object(name)?.GetBoolean();

    public static ImmutableArray<string>? Texts(this JsonElement? json, string name) => json.Object(name) is { } list
        ? [.. list.EnumerateArray().Select(entry => entry.GetString()!)]
        : null;

    public static ImmutableArray<T> Each<T>(this JsonElement? json, string name, Func<JsonElement?, T> read) => json.Object(name) is { } list
        ? [.. list.EnumerateArray().Select(entry => read(entry))]
        : [];

    public static ImmutableSortedDictionary<string, string> Map(this JsonElement? json, string name) => json.Object(name) is { } map
        ? Metadata.EmptyMap.AddRange(map.EnumerateObject().Select(pair => KeyValuePair.Create(pair.Name, pair.Value.GetString()!)))
        : Metadata.EmptyMap;
}

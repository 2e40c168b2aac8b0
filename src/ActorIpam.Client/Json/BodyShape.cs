using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ActorIpam.Domain;

namespace ActorIpam.Client.Json;

/// <summary>Compares a JSON value with the shape of a record and names every difference by its path.</summary>
internal static class BodyShape
{
    public static void Check(JsonElement value, JsonTypeInfo shape, string path, ImmutableArray<Refusal>.Builder problems)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            if (shape.Type.IsValueType && Nullable.GetUnderlyingType(shape.Type) is null)
            {
                problems.Add(Wrong(path, "must not be null"));
            }

            return;
        }

        switch (shape.Kind)
        {
            case JsonTypeInfoKind.Object:
                CheckObject(value, shape, path, problems);
                break;
            case JsonTypeInfoKind.Enumerable:
                CheckArray(value, shape, path, problems);
                break;
            case JsonTypeInfoKind.Dictionary:
                CheckMap(value, shape, path, problems);
                break;
            default:
                CheckScalar(value, Nullable.GetUnderlyingType(shape.Type) ?? shape.Type, path, problems);
                break;
        }
    }

    private static void CheckObject(JsonElement value, JsonTypeInfo shape, string path, ImmutableArray<Refusal>.Builder problems)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            problems.Add(Wrong(path, "must be an object"));
            return;
        }

        foreach (var given in value.EnumerateObject())
        {
            var at = path.Length == 0 ? given.Name : $"{path}.{given.Name}";
            if (shape.Properties.FirstOrDefault(p => p.Name == given.Name) is { } known)
            {
                Check(given.Value, shape.Options.GetTypeInfo(known.PropertyType), at, problems);
            }
            else
            {
                problems.Add(new(RefusalCode.UnknownField, $"{at} is not a field of this request.", at));
            }
        }
    }

    private static void CheckArray(JsonElement value, JsonTypeInfo shape, string path, ImmutableArray<Refusal>.Builder problems)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            problems.Add(Wrong(path, "must be a list"));
            return;
        }

        var item = shape.Options.GetTypeInfo(shape.ElementType!);
        var index = 0;
        foreach (var element in value.EnumerateArray())
        {
            CheckItem(element, item, $"{path}[{index++}]", problems);
        }
    }

    private static void CheckMap(JsonElement value, JsonTypeInfo shape, string path, ImmutableArray<Refusal>.Builder problems)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            problems.Add(Wrong(path, "must be an object of texts"));
            return;
        }

        var item = shape.Options.GetTypeInfo(shape.ElementType!);
        foreach (var pair in value.EnumerateObject())
        {
            CheckItem(pair.Value, item, $"{path}.{pair.Name}", problems);
        }
    }

    private static void CheckItem(JsonElement value, JsonTypeInfo shape, string path, ImmutableArray<Refusal>.Builder problems)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            problems.Add(Wrong(path, "must not be null"));
            return;
        }

        Check(value, shape, path, problems);
    }

    private static void CheckScalar(JsonElement value, Type type, string path, ImmutableArray<Refusal>.Builder problems)
    {
        var (fits, expected) = type switch
        {
            _ when type == typeof(string) => (value.ValueKind == JsonValueKind.String, "must be a text"),
            _ when type == typeof(bool) => (value.ValueKind is JsonValueKind.True or JsonValueKind.False, "must be true or false"),
            _ when type == typeof(int) => (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _), "must be a whole number below 2,147,483,648"),
            _ when type == typeof(long) => (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _), "must be a whole number"),
            _ when type == typeof(DateTimeOffset) => (value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out _), "must be an instant such as 2026-08-04T14:02:00Z"),
            _ => (true, ""),
        };
        if (!fits)
        {
            problems.Add(Wrong(path, expected));
        }
    }

    private static Refusal Wrong(string path, string expected) =>
        new(RefusalCode.WrongType, path.Length == 0 ? $"The body {expected}." : $"{path} {expected}.", path.Length == 0 ? null : path);
}

using System.Globalization;
using System.Text.Json;

namespace ActorIpam.Domain.Resources;

/// <summary>Compares a JSON body with the table of fields: unknown and repeated fields and wrong types, all of them, each with its path.</summary>
/// <remarks>A null counts as left out, as everywhere in the Kubernetes style. After a clean check the body can be read without looking twice.</remarks>
internal sealed class SchemaCheck(Findings found)
{
    public void Check(JsonElement json, FieldSchema schema, string path)
    {
        if (json.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        switch (schema.Type)
        {
            case FieldType.Structure:
                CheckObject(json, schema, path);
                break;
            case FieldType.StructureList or FieldType.TextList:
                CheckList(json, schema, path);
                break;
            case FieldType.TextMap:
                CheckMap(json, path);
                break;
            case FieldType.Ignored:
                break;
            default:
                CheckScalar(json, schema.Type, path);
                break;
        }
    }

    private void CheckObject(JsonElement json, FieldSchema schema, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            Refuse(path, "an object", json);
            return;
        }

        foreach (var (name, value) in Members(json, path))
        {
            var below = path.Length == 0 ? name : $"{path}.{name}";
            if (schema.Field(name) is { } field)
            {
                Check(value, field, below);
            }
            else
            {
                found.Add(RefusalCode.UnknownField, below, "is no known field");
            }
        }
    }

    private void CheckList(JsonElement json, FieldSchema schema, string path)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            Refuse(path, "a list", json);
            return;
        }

        var index = 0;
        foreach (var entry in json.EnumerateArray())
        {
            var below = string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]");
            if (schema.Type == FieldType.TextList)
            {
                CheckScalar(entry, FieldType.Text, below);
            }
            else
            {
                CheckObject(entry, schema, below);
            }
        }
    }

    private void CheckMap(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            Refuse(path, "an object of texts", json);
            return;
        }

        foreach (var (name, value) in Members(json, path))
        {
            CheckScalar(value, FieldType.Text, $"{path}[{name}]");
        }
    }

    private void CheckScalar(JsonElement json, FieldType type, string path)
    {
        var fits = type switch
        {
            FieldType.Flag => json.ValueKind is JsonValueKind.True or JsonValueKind.False,
            FieldType.Whole => json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out _),
            FieldType.TextOrWhole when json.ValueKind == JsonValueKind.Number => json.TryGetUInt32(out _),
            _ => json.ValueKind == JsonValueKind.String,
        };
        if (!fits)
        {
            Refuse(path, type switch
            {
                FieldType.Flag => "true or false",
                FieldType.Whole => "a whole number of 32 bits",
                FieldType.TextOrWhole => "a text or a whole number up to 4294967295",
                _ => "a text",
            }, json);
        }
        else if (json.ValueKind == JsonValueKind.String && !TryText(json, out var text))
        {
            found.Add(RefusalCode.Malformed, path, "is not valid Unicode text");
        }
        else if (type == FieldType.Time && !ResourceTime.TryParse(json.GetString(), out _))
        {
            found.Add(RefusalCode.Malformed, path, "must be a time such as 2030-01-31T12:00:00Z");
        }
    }

    private List<(string Name, JsonElement Value)> Members(JsonElement json, string path)
    {
        var members = new List<(string, JsonElement)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
        {
            if (!TryName(property, out var name))
            {
                found.Add(RefusalCode.Malformed, path, "has a field whose name is not valid Unicode text");
            }
            else if (seen.Add(name))
            {
                members.Add((name, property.Value));
            }
            else
            {
                found.Add(RefusalCode.Malformed, path.Length == 0 ? name : $"{path}.{name}", "is given twice");
            }
        }

        return members;
    }

    private void Refuse(string path, string wanted, JsonElement json) => found.Add(RefusalCode.WrongType, path, $"must be {wanted}, not {json.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => json.GetRawText() is { Length: <= 24 } number ? number : "such a number",
        JsonValueKind.Null => "null",
        _ => "a truth value",
    }}");

    /// <summary>JSON may hold escapes of half a character; asking for such a text throws.</summary>
    public static bool TryText(JsonElement json, out string text)
    {
        try
        {
            text = json.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    /// <inheritdoc cref="TryText"/>
    private static bool TryName(JsonProperty property, out string name)
    {
        try
        {
            name = property.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = "";
            return false;
        }
    }
}

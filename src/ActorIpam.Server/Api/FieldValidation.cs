using System.Text.Json.Nodes;
using ActorIpam.Client.Answers;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Server.Api;

/// <summary>What happens to fields that no kind has (<c>?fieldValidation=</c>): refused, dropped with a warning, or dropped.</summary>
internal sealed class FieldValidation
{
    private readonly Action<string>? _dropped;

    private FieldValidation(bool isStrict, Action<string>? dropped)
    {
        IsStrict = isStrict;
        _dropped = dropped;
    }

    public bool IsStrict { get; }

    /// <summary>Without the parameter it is strict: a field that is dropped silently is a mistake nobody finds.</summary>
    public static Received<FieldValidation> Of(HttpRequest request) => request.Parameter("fieldValidation") switch
    {
        null or "Strict" => new FieldValidation(isStrict: true, null),
        "Warn" => new FieldValidation(isStrict: false, path => request.HttpContext.Response.Headers.Append("Warning", $"299 - \"unknown field \\\"{path}\\\"\"")),
        "Ignore" => new FieldValidation(isStrict: false, null),
        _ => RefusalStatus.Of(new Refusal(RefusalCode.Malformed, "fieldValidation must be Strict, Warn or Ignore.", "fieldValidation")),
    };

    /// <summary>Removes what the table of fields does not know.</summary>
    public void Drop(JsonNode? body, FieldSchema schema) => Drop(body, schema, "");

    private void Drop(JsonNode? node, FieldSchema schema, string path)
    {
        switch (node)
        {
            case JsonObject members when schema.Type == FieldType.Structure || schema.Type == FieldType.StructureList:
                foreach (var (name, value) in members.ToList())
                {
                    var below = path.Length == 0 ? name : $"{path}.{name}";
                    if (schema.Field(name) is { } field)
                    {
                        Drop(value, field, below);
                        continue;
                    }

                    members.Remove(name);
                    _dropped?.Invoke(new([.. below.Where(letter => letter is > ' ' and < '\x7f' and not ('"' or '\\'))]));
                }

                break;
            case JsonArray items when schema.Type == FieldType.StructureList:
                foreach (var (item, index) in items.Select((item, index) => (item, index)))
                {
                    Drop(item, schema, $"{path}[{index}]");
                }

                break;
        }
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ActorIpam.Conformance.Cases;

/// <summary>One value of a case, with the path that a complaint about it names.</summary>
internal sealed class Value(YamlNode node, string path)
{
    public string Path { get; } = path;

    public bool IsMap => node is YamlMappingNode;

    public bool IsList => node is YamlSequenceNode;

    /// <summary>A plain <c>null</c>, <c>~</c> or nothing at all. A quoted text is never null.</summary>
    public bool IsNull => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };

    public string Text() => node is YamlScalarNode scalar && !IsNull ? scalar.Value! : throw Wrong("a text");

    public long Number() =>
        long.TryParse(Text(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong("a number");

    public int Int() => checked((int)Number());

    public bool Flag() => Text() switch
    {
        "true" => true,
        "false" => false,
        _ => throw Wrong("true or false"),
    };

    public Fields Map() => node is YamlMappingNode map ? new(map, Path) : throw Wrong("a map");

    public IReadOnlyList<Value> List() =>
        node is YamlSequenceNode list
            ? [.. list.Children.Select((child, at) => new Value(child, $"{Path}[{at}]"))]
            : throw Wrong("a list");

    public IReadOnlyList<string> Texts() => [.. List().Select(item => item.Text())];

    /// <summary>The same value as JSON: plain numbers and booleans become such, everything else stays text.</summary>
    public JsonNode? Json() => node switch
    {
        YamlMappingNode => MapJson(),
        YamlSequenceNode => new JsonArray([.. List().Select(item => item.Json())]),
        _ when IsNull => null,
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } => JsonValue.Create(Flag()),
        YamlScalarNode { Style: ScalarStyle.Plain } when long.TryParse(Text(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            => JsonValue.Create(number),
        _ => JsonValue.Create(Text()),
    };

    private JsonObject MapJson()
    {
        var json = new JsonObject();
        foreach (var (name, value) in Map().Take())
        {
            json[name] = value.Json();
        }

        return json;
    }

    private CaseFormatException Wrong(string wanted) => new(Path, $"{wanted} is expected here.");
}

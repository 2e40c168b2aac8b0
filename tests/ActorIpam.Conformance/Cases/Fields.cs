using YamlDotNet.RepresentationModel;

namespace ActorIpam.Conformance.Cases;

/// <summary>A map of a case, read strictly: a field nobody asked for is a field nobody tested, and is refused by <see cref="NoOthers"/>.</summary>
internal sealed class Fields(YamlMappingNode map, string path)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public string Path { get; } = path;

    public Value? Find(string name)
    {
        _asked.Add(name);
        return map.Children.TryGetValue(new YamlScalarNode(name), out var node) ? new(node, $"{Path}.{name}") : null;
    }

    public Value Get(string name) => Find(name) ?? throw new CaseFormatException(Path, $"the field {name} is missing.");

    /// <summary>The text, or null when the field is absent or null.</summary>
    public string? TextOrNull(string name) => Find(name) is { IsNull: false } value ? value.Text() : null;

    public string Text(string name) => Get(name).Text();

    public int Int(string name, int otherwise) => Find(name)?.Int() ?? otherwise;

    public bool Flag(string name, bool otherwise) => Find(name)?.Flag() ?? otherwise;

    public IReadOnlyList<string> Texts(string name) => Get(name).Texts();

    public IReadOnlyList<string> TextsOrNone(string name) => Find(name)?.Texts() ?? [];

    /// <summary>All fields, in the order written; they count as asked for.</summary>
    public IEnumerable<KeyValuePair<string, Value>> Take()
    {
        foreach (var (key, node) in map.Children)
        {
            var name = key is YamlScalarNode { Value: { } text } ? text : throw new CaseFormatException(Path, "a field name must be a text.");
            _asked.Add(name);
            yield return new(name, new(node, $"{Path}.{name}"));
        }
    }

    /// <exception cref="CaseFormatException">The map holds fields that were not asked for.</exception>
    public void NoOthers()
    {
        var unknown = map.Children.Keys.Select(key => ((YamlScalarNode)key).Value!).Where(name => !_asked.Contains(name)).ToList();
        if (unknown.Count > 0)
        {
            throw new CaseFormatException(Path, $"unknown field {string.Join(", ", unknown)}.");
        }
    }
}

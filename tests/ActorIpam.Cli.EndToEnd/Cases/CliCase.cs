using YamlDotNet.RepresentationModel;

namespace ActorIpam.Cli.EndToEnd.Cases;

/// <summary>One case of the section cli: what is typed and what must come of it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Fields">Everything it says: texts and lists of texts.</param>
internal sealed record CliCase(string Id, IReadOnlyDictionary<string, string[]> Fields)
{
    private static readonly Lazy<IReadOnlyDictionary<string, CliCase>> File = new(Read);

    /// <summary>All cases of the file by id.</summary>
    public static IReadOnlyDictionary<string, CliCase> All => File.Value;

    /// <summary>The words of the line; what stands in parentheses behind it says how the world is.</summary>
    public string[] Words => WithoutRemark(Fields["command"][0]).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public string? One(string field) => Fields.TryGetValue(field, out var value) ? value[0] : null;

    private static string WithoutRemark(string command) => command.IndexOf(" (", StringComparison.Ordinal) is > 0 and var at ? command[..at] : command;

    private static Dictionary<string, CliCase> Read()
    {
        using var reader = new StreamReader(Path.Combine(ActorIpam.Cli.Tests.Golden.Root, "tests/conformance/operations.yaml"));
        var stream = new YamlStream();
        stream.Load(reader);
        var cases = (YamlSequenceNode)((YamlMappingNode)stream.Documents[0].RootNode).Children["cli"];
        return cases.Cast<YamlMappingNode>()
            .Select(node => node.Children.ToDictionary(field => ((YamlScalarNode)field.Key).Value!, field => Texts(field.Value)))
            .Select(fields => new CliCase(fields["id"][0], fields))
            .ToDictionary(one => one.Id);
    }

    private static string[] Texts(YamlNode value) => value is YamlSequenceNode list
        ? [.. list.Cast<YamlScalarNode>().Select(text => text.Value!)]
        : [((YamlScalarNode)value).Value!];
}

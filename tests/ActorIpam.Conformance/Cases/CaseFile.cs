using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ActorIpam.Conformance.Cases;

/// <summary>One file of cases: sections by name, each a list of cases.</summary>
internal sealed record CaseFile(string Path, IReadOnlyList<CaseSection> Sections)
{
    /// <summary>The files behind paths: a folder stands for every <c>.yaml</c> directly inside, in lexical order.</summary>
    /// <exception cref="CaseFormatException">A path does not exist, or a folder holds no case file.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths) => [.. paths.SelectMany(FilesOf)];

    /// <exception cref="CaseFormatException">The file cannot be read as cases.</exception>
    public static CaseFile Read(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            var stream = new YamlStream();
            stream.Load(reader);
            var root = stream.Documents.Count == 1 ? stream.Documents[0].RootNode : throw new CaseFormatException(path, "one document is expected.");
            var name = System.IO.Path.GetFileName(path);
            return new(path, [.. new Value(root, name).Map().Take().Select(SectionOf)]);
        }
        catch (Exception failure) when (failure is YamlException or IOException or UnauthorizedAccessException)
        {
            throw new CaseFormatException(path, failure.Message);
        }
    }

    private static CaseSection SectionOf(KeyValuePair<string, Value> section)
    {
        var cases = section.Value.List().Select(item => Case.Read(item.Map())).ToList();
        var twice = cases.GroupBy(one => one.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? new(section.Key, cases) : throw new CaseFormatException(section.Value.Path, $"the id {twice.Key} stands there twice.");
    }

    private static IEnumerable<string> FilesOf(string path)
    {
        if (!Directory.Exists(path))
        {
            return File.Exists(path) ? [path] : throw new CaseFormatException(path, "no such file or folder.");
        }

        var files = Directory.EnumerateFiles(path, "*.yaml").Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 ? files : throw new CaseFormatException(path, "the folder holds no .yaml file.");
    }
}

internal sealed record CaseSection(string Name, IReadOnlyList<Case> Cases);

/// <summary>One case. What it says about itself is read here; the rest belongs to the player of its section.</summary>
internal sealed record Case(string Id, string? Title, Fields Fields)
{
    public static Case Read(Fields fields)
    {
        var id = fields.Text("id");
        fields.Find("source");
        fields.Find("note");
        return new(id, fields.TextOrNull("title"), fields);
    }
}

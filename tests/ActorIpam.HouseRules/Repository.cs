namespace ActorIpam.HouseRules;

/// <summary>The files of the repository that these rules judge. What is built or fetched is none of them.</summary>
internal static class Repository
{
    private static readonly HashSet<string> NotOurs = new(StringComparer.Ordinal)
    {
        ".git", ".vs", ".idea", "artifacts", "bin", "obj", "data", "TestResults", "node_modules",
    };

    private static readonly HashSet<string> TextExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".cs", ".csproj", ".props", ".targets", ".sln", ".md", ".txt", ".json", ".yaml", ".yml", ".xml", ".config", ".sh", ".sql", ".html", ".css", ".js", ".service", ".conf", "",
    };

    public static string Root { get; } = FindRoot();

    /// <summary>Every text file, by its path from the root with forward slashes.</summary>
    public static IReadOnlyList<RepositoryFile> Files { get; } =
        [.. Walk(new(Root)).OrderBy(file => file.Path, StringComparer.Ordinal)];

    public static IEnumerable<RepositoryFile> Under(string folder, string extension) =>
        Files.Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal) && file.Path.EndsWith(extension, StringComparison.Ordinal));

    private static IEnumerable<RepositoryFile> Walk(DirectoryInfo folder) =>
        folder.EnumerateFiles()
            .Where(file => TextExtensions.Contains(file.Extension) && file.LinkTarget is null)
            .Select(file => new RepositoryFile(Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'), file.FullName))
            .Concat(folder.EnumerateDirectories().Where(inner => !NotOurs.Contains(inner.Name)).SelectMany(Walk));

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Directory.Packages.props")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException("The tests run outside of the repository whose files they judge.");
    }
}

/// <param name="Path">From the root, with forward slashes.</param>
/// <param name="FullPath">Where it is.</param>
internal sealed record RepositoryFile(string Path, string FullPath)
{
    private string[]? _lines;

    public string[] Lines => _lines ??= File.ReadAllLines(FullPath);

    public string Name => System.IO.Path.GetFileName(Path);

    public string Project => Path.Split('/') is [_, var project, ..] ? project : "";
}
